// The outlines of contesting versions on one map, each with its letter's colour and line.
(function () {
  "use strict";
  var shapes = JSON.parse(document.getElementById("shapes").textContent);
  var symbols = window.ClearlandSymbols;
  if (!window.maplibregl || !shapes.length) { return; }
  var colours = ["#1f5fa8", "#b1520b", "#5b3f94", "#22714d"];
  var lines = [[1], [2, 1], [4, 2], [1, 1]];
  var box = [Infinity, Infinity, -Infinity, -Infinity];
  var features = shapes.map(function (shape) {
    var geometry = JSON.parse(shape.geometry);
    (function walk(part) {
      if (typeof part[0] === "number") {
        box = [Math.min(box[0], part[0]), Math.min(box[1], part[1]), Math.max(box[2], part[0]), Math.max(box[3], part[1])];
      } else { part.forEach(walk); }
    }(geometry.coordinates));
    return { type: "Feature", properties: { letter: shape.letter }, geometry: geometry };
  });
  var map = new maplibregl.Map({
    container: "versions", attributionControl: false, dragRotate: false, fadeDuration: 0,
    bounds: [[box[0], box[1]], [box[2], box[3]]], fitBoundsOptions: { padding: 40, maxZoom: 16 },
    style: { version: 8, sources: {}, layers: [{ id: "paper", type: "background", paint: { "background-color": symbols.colours.paper } }] }
  });
  map.scrollZoom.disable();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({}), "bottom-right");
  map.on("load", function () {
    features.forEach(function (feature, number) {
      var name = "version-" + number, colour = colours[number % colours.length];
      map.addSource(name, { type: "geojson", data: feature });
      map.addLayer({ id: name + "-fill", source: name, type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour, "fill-opacity": 0.08 } });
      map.addLayer({ id: name + "-line", source: name, type: "line", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colour, "line-width": 2.5, "line-dasharray": lines[number % lines.length] } });
      map.addLayer({ id: name + "-point", source: name, type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": colour, "circle-radius": 6 } });
      var at = feature.geometry.coordinates;
      while (typeof at[0] !== "number") { at = at[0]; }
      var label = document.createElement("b");
      label.textContent = feature.properties.letter;
      label.style.color = colour;
      new maplibregl.Marker({ element: label, anchor: "bottom-left", offset: [2 + 14 * number, -2] }).setLngLat(at).addTo(map);
    });
  });
}());
