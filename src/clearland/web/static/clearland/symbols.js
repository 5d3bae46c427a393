// The map's symbols, in one place: a programme may replace this file.
// After TNMA 07.11/01: classification is the fill (half transparent, with a skull), status is the outline.
// Every fill has a pattern, so that nothing hangs on colour alone and a black-and-white print can be read.
window.ClearlandSymbols = (function () {
  "use strict";
  var colours = {
    cha: "#ff0000", sha: "#f4a718", open: "#ff0000", worked_on: "#f4a718", closed: "#6f8394",
    cancelled: "#8fc09a", reduced: "#4f9f63", cleared: "#1f7a3d", failed: "#8a2a6b",
    district: "#8d877a", point: "#1d2329", accident: "#8a2a6b", published: "#0b5fa5", paper: "#f7f5ef"
  };
  var SIDE = 32;

  function canvas(ratio) {
    var element = document.createElement("canvas");
    element.width = element.height = SIDE * ratio;
    var pen = element.getContext("2d");
    pen.scale(ratio, ratio);
    return { element: element, pen: pen };
  }

  function fill(pen, colour, alpha) { pen.globalAlpha = alpha; pen.fillStyle = colour; pen.fillRect(0, 0, SIDE, SIDE); pen.globalAlpha = 1; }

  function hatch(pen, colour, step, both, width) {
    pen.strokeStyle = colour; pen.lineWidth = width || 1; pen.beginPath();
    for (var at = -SIDE; at <= SIDE * 2; at += step) {
      pen.moveTo(at, 0); pen.lineTo(at + SIDE, SIDE);
      if (both) { pen.moveTo(at, SIDE); pen.lineTo(at + SIDE, 0); }
    }
    pen.stroke();
  }

  function skull(pen, x, y, size) {
    pen.save(); pen.translate(x, y); pen.scale(size / 12, size / 12);
    pen.fillStyle = "#1d2329";
    pen.beginPath(); pen.arc(0, -1.5, 4.6, 0, Math.PI * 2); pen.fill();
    pen.fillRect(-2.6, 1.5, 5.2, 4);
    pen.fillStyle = "#ffffff";
    pen.beginPath(); pen.arc(-1.8, -1.6, 1.3, 0, Math.PI * 2); pen.arc(1.8, -1.6, 1.3, 0, Math.PI * 2); pen.fill();
    pen.fillRect(-1.5, 3, 0.7, 2.5); pen.fillRect(0.8, 3, 0.7, 2.5);
    pen.restore();
  }

  function dots(pen, colour) {
    pen.fillStyle = colour;
    for (var x = 4; x < SIDE; x += 8) { for (var y = 4; y < SIDE; y += 8) { pen.beginPath(); pen.arc(x, y, 1.6, 0, Math.PI * 2); pen.fill(); } }
  }

  var painters = {
    CHA: function (pen) { fill(pen, colours.cha, 0.5); hatch(pen, "rgba(140,0,0,.55)", 8, true); skull(pen, 16, 16, 12); },
    SHA: function (pen) { fill(pen, colours.sha, 0.5); skull(pen, 16, 16, 12); },
    cancelled: function (pen) { fill(pen, colours.cancelled, 0.35); dots(pen, "#2b6b45"); },
    reduced: function (pen) { fill(pen, colours.reduced, 0.35); hatch(pen, "#2b6b45", 8, false, 1.4); },
    cleared: function (pen) { fill(pen, colours.cleared, 0.75); },
    line: function (pen) { fill(pen, colours.published, 0.25); hatch(pen, colours.point, 8, false, 2); },
    failed: function (pen) { fill(pen, colours.failed, 0.15); hatch(pen, colours.failed, 16, true, 1); }
  };

  function image(name, ratio) {
    var made = canvas(ratio);
    painters[name](made.pen);
    return made.pen.getImageData(0, 0, SIDE * ratio, SIDE * ratio);
  }

  function addImages(map) {
    Object.keys(painters).forEach(function (name) { map.addImage(name, image(name, 2), { pixelRatio: 2 }); });
  }

  var area = ["case", ["==", ["slice", ["get", "s"], 0, 3], "CHA"], "CHA", "SHA"];
  var outline = ["case",
    [">=", ["index-of", "worked_on", ["get", "s"]], 0], colours.worked_on,
    [">=", ["index-of", "closed", ["get", "s"]], 0], colours.closed, colours.open];
  var workedOn = [">=", ["index-of", "worked_on", ["get", "s"]], 0];
  var product = ["match", ["get", "s"], "cancelled", "cancelled", "reduced", "reduced", "failed", "failed", "cleared"];
  var isShape = ["==", ["geometry-type"], "Polygon"];
  var isPoint = ["==", ["geometry-type"], "Point"];

  // Style layers of one kind. `filter` of each is kept apart from the slider's, which is laid over it.
  function layersOf(kind) {
    if (kind === "place") {
      return [{ id: "place-line", type: "line", filter: isShape, paint: { "line-color": colours.district, "line-width": 0.8 } }];
    }
    if (kind === "line") {
      return [
        { id: "line-fill", type: "fill", filter: isShape, paint: { "fill-pattern": "line" } },
        { id: "line-halo", type: "line", filter: isShape, paint: { "line-color": "#ffffff", "line-width": 5 } },
        { id: "line-line", type: "line", filter: isShape, paint: { "line-color": colours.point, "line-width": 2.4 } },
        { id: "line-ring", type: "circle", filter: isPoint, maxzoom: 13, paint: { "circle-radius": 11, "circle-opacity": 0, "circle-stroke-color": colours.published, "circle-stroke-width": 3 } }
      ];
    }
    if (kind === "published") {
      return [
        { id: "published-fill", type: "fill", filter: isShape, paint: { "fill-color": colours.published, "fill-opacity": 0.06 } },
        { id: "published-line", type: "line", filter: isShape, paint: { "line-color": colours.published, "line-width": 1.6, "line-opacity": 0.55 } },
        { id: "published-point", type: "circle", filter: isPoint, paint: { "circle-radius": 10, "circle-color": "#ffffff", "circle-stroke-color": colours.published, "circle-stroke-width": 1.6 } }
      ];
    }
    if (kind === "hazard") {
      return [
        { id: "hazard-fill", type: "fill", filter: isShape, paint: { "fill-pattern": area } },
        { id: "hazard-line", type: "line", filter: ["all", isShape, ["!", workedOn]], paint: { "line-color": outline, "line-width": 1.8 } },
        { id: "hazard-dash", type: "line", filter: ["all", isShape, workedOn], paint: { "line-color": colours.worked_on, "line-width": 2.4, "line-dasharray": [3, 2] } },
        { id: "hazard-unverified", type: "line", filter: ["all", isShape, ["has", "u"]], paint: { "line-color": "#1d2329", "line-width": 1, "line-dasharray": [1, 2] } },
        { id: "hazard-point", type: "circle", filter: isPoint, paint: { "circle-radius": 5.5, "circle-color": ["match", area, "CHA", colours.cha, colours.sha], "circle-stroke-color": outline, "circle-stroke-width": 2 } }
      ];
    }
    if (kind === "land_release") {
      return [
        { id: "land_release-fill", type: "fill", filter: ["all", isShape, ["!=", ["get", "s"], "failed"]], paint: { "fill-pattern": product } },
        { id: "land_release-point", type: "circle", filter: isPoint, paint: { "circle-radius": 4.5, "circle-color": ["match", ["get", "s"], "cancelled", "#ffffff", "reduced", colours.cancelled, "failed", colours.failed, colours.cleared], "circle-stroke-color": "#1f5a33", "circle-stroke-width": 1.6 } },
        { id: "land_release-line", type: "line", filter: isShape, paint: { "line-color": ["match", ["get", "s"], "failed", colours.failed, "#2b6b45"], "line-width": 1 } }
      ];
    }
    // Any other kind, those of a programme's own included: a thin outline, a line or a dot. Finds and evidence are many:
    // they show from the scale at which polygons do.
    return [
      { id: kind + "-fill", type: "fill", filter: isShape, paint: { "fill-color": colours.point, "fill-opacity": 0.06 } },
      { id: kind + "-line", type: "line", filter: ["!", isPoint], paint: { "line-color": colours.point, "line-width": 1.2, "line-dasharray": [4, 2] } },
      { id: kind + "-point", type: "circle", filter: isPoint, minzoom: kind === "ordnance" || kind === "evidence" ? 10 : 0, paint: {
        "circle-radius": kind === "accident" ? 5 : 3.5, "circle-color": kind === "accident" ? colours.accident : kind === "evidence" ? "#9c5c00" : colours.point,
        "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.2 } }
    ];
  }

  function cellsOf(kind) {
    return { id: kind + "-cells", type: "fill", paint: {
      "fill-color": kind === "land_release" ? colours.cleared : kind === "hazard" ? ["match", area, "CHA", colours.cha, colours.sha] : colours.point,
      "fill-opacity": ["interpolate", ["linear"], ["get", "c"], 1, 0.12, 50, 0.45, 500, 0.75] } };
  }

  function swatches(root) {
    root.querySelectorAll("canvas[data-symbol]").forEach(function (element) {
      var name = element.dataset.symbol, pen;
      element.width = 56; element.height = 32;
      pen = element.getContext("2d");
      if (painters[name]) {
        var tile = canvas(1); painters[name](tile.pen);
        pen.drawImage(tile.element, 0, 0); pen.drawImage(tile.element, 32, 0);
      } else if (/^(open|worked_on|closed)$/.test(name)) {
        pen.strokeStyle = colours[name]; pen.lineWidth = 4;
        if (name === "worked_on") { pen.setLineDash([10, 6]); }
        pen.strokeRect(4, 4, 48, 24);
      } else if (name === "published") {
        pen.fillStyle = pen.strokeStyle = colours.published; pen.lineWidth = 3; pen.globalAlpha = 0.1;
        pen.fillRect(4, 4, 48, 24); pen.globalAlpha = 0.55; pen.strokeRect(4, 4, 48, 24);
      } else {
        pen.fillStyle = name === "accident" ? colours.accident : name === "evidence" ? "#9c5c00" : colours.point;
        pen.beginPath(); pen.arc(28, 16, name === "accident" ? 9 : 7, 0, Math.PI * 2); pen.fill();
      }
    });
  }

  return { colours: colours, addImages: addImages, layersOf: layersOf, cellsOf: cellsOf, swatches: swatches };
}());
