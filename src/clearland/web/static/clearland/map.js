// The map page. Everything it needs stands in the JSON block `map-config`; tiles come from this host only.
(function () {
  "use strict";
  var config = JSON.parse(document.getElementById("map-config").textContent);
  var symbols = window.ClearlandSymbols;
  var holder = document.getElementById("map");
  var until = null;
  var shown = {};
  var spoken = [];

  symbols.swatches(document);
  if (!window.maplibregl) { return; }

  var map = new maplibregl.Map({
    container: holder, attributionControl: false, dragRotate: false, pitchWithRotate: false, fadeDuration: 0,
    style: { version: 8, sources: {}, layers: [{ id: "paper", type: "background", paint: { "background-color": symbols.colours.paper } }] },
    center: [0, 0], zoom: 1
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({}), "bottom-right");
  window.clearlandMap = map;

  function fit(box, options) {
    if (box) { map.fitBounds([[box[0], box[1]], [box[2], box[3]]], Object.assign({ padding: 40, maxZoom: 15, animate: false }, options)); }
  }
  var countries = config.countries.map(function (country) { return country.box; });
  fit(config.focus || config.bounds || countries[0]);

  function put(kind, layer) { map.addLayer(Object.assign({ source: kind, "source-layer": kind }, layer, layer.filter ? {} : { filter: ["all"] })); }

  function dated(filter) {
    if (until === null) { return filter || null; }
    var test = ["<=", ["get", "f"], until];
    return filter ? ["all", filter, test] : test;
  }

  function eachLayer(call) {
    config.layers.forEach(function (kind) {
      symbols.layersOf(kind).forEach(function (layer) { call(kind, layer); });
    });
  }

  map.on("load", function () {
    symbols.addImages(map);
    config.layers.forEach(function (kind) {
      var url = location.origin + config.tiles.replace("{layer}", kind);
      map.addSource(kind, { type: "vector", tiles: [url], minzoom: 0, maxzoom: 16 });
      if (config.cells.indexOf(kind) >= 0) {
        map.addLayer(Object.assign({ source: kind, "source-layer": kind + "_cells" }, symbols.cellsOf(kind)));
      }
    });
    // Shapes first, then marks; of the marks, danger lies over release, never under it.
    var order = ["place", "land_release", "hazard", "evidence", "ordnance", "accident"], marks = [];
    eachLayer(function (kind, layer) {
      if (/-point$/.test(layer.id)) { marks.push([kind, layer]); } else { put(kind, layer); }
    });
    marks.sort(function (a, b) { return order.indexOf(a[0]) - order.indexOf(b[0]); });
    marks.forEach(function (mark) { put(mark[0], mark[1]); });
    document.querySelectorAll("input[data-layer]").forEach(toggle);
    slide();
    if (document.querySelector("input[data-layer=published]")) { published(); }
    if (config.line) { lineGround(); }
  });

  // The ground of one bar of the balance, over everything else. While sums are made the page waits for them.
  function lineGround() {
    var said = document.getElementById("line-said");
    fetch(config.line, { credentials: "same-origin" }).then(function (answer) {
      if (answer.status === 202) { said.textContent = config.words.counting; document.addEventListener("sums-ready", lineGround, { once: true }); return null; }
      return answer.json();
    }).then(function (data) {
      if (!data) { return; }
      map.addSource("line", { type: "geojson", data: data });
      // Ground too small to see from afar is ringed.
      map.addSource("line-marks", { type: "geojson", data: { type: "FeatureCollection", features: data.features.map(function (feature) {
        return { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: feature.properties.at } };
      }) } });
      symbols.layersOf("line").forEach(function (layer) { map.addLayer(Object.assign({ source: layer.type === "circle" ? "line-marks" : "line" }, layer)); });
      var area = data.features.reduce(function (sum, feature) { return sum + feature.properties.m2; }, 0);
      said.textContent = number(area) + " m²" + (data.more ? " · " + number(data.more) + " " + config.words.more : "");
      fit(data.bounds);
    });
  }

  // A newer count of the cells stands: fetch them again, shapes included.
  document.addEventListener("sums-ready", function () {
    document.querySelectorAll(".counting").forEach(function (note) { note.remove(); });
    config.cells.forEach(function (kind) {
      var source = map.getSource(kind);
      if (source) { source.setTiles([location.origin + config.tiles.replace("{layer}", kind) + "&again=" + Date.now()]); }
    });
  });

  // Published figures: districts that sources speak of, with the number of lines. They are never added up.
  function published() {
    fetch(config.published, { credentials: "same-origin" }).then(function (answer) { return answer.json(); }).then(function (data) {
      spoken = data.features.map(function (feature) { return feature.properties; });
      map.addSource("published", { type: "geojson", data: data });
      symbols.layersOf("published").forEach(function (layer) { map.addLayer(Object.assign({ source: "published" }, layer)); });
      document.querySelectorAll("input[data-layer=published]").forEach(toggle);
      labels();
    });
  }
  function lines(feature, popup) {
    var item = document.createElement("div");
    fetch(config.published.replace(/\.json$/, "/") + encodeURIComponent(feature.properties.code) + "/", { credentials: "same-origin" })
      .then(function (answer) { return answer.text(); })
      .then(function (html) {
        item.replaceChildren.apply(item, Array.from(new DOMParser().parseFromString(html, "text/html").body.childNodes));
        // Its size is known only now: on a narrow map it is brought to the middle, where it fits.
        if (holder.clientWidth < 480) { map.setCenter(popup.getLngLat()); }
        popup.setMaxWidth(Math.min(320, holder.clientWidth - 60) + "px");
      });
    return item;
  }

  // Layer toggles
  function toggle(box) {
    shown[box.dataset.layer] = box.checked;
    var show = box.checked ? "visible" : "none";
    symbols.layersOf(box.dataset.layer).forEach(function (layer) { if (map.getLayer(layer.id)) { map.setLayoutProperty(layer.id, "visibility", show); } });
    if (map.getLayer(box.dataset.layer + "-cells")) { map.setLayoutProperty(box.dataset.layer + "-cells", "visibility", show); }
    if (box.dataset.layer === "place" || box.dataset.layer === "published") { labels(); }
  }
  document.querySelectorAll("input[data-layer]").forEach(function (box) {
    box.addEventListener("change", function () { toggle(box); });
  });
  document.querySelectorAll("button[data-extent]").forEach(function (button) {
    button.addEventListener("click", function () { fit(button.dataset.extent === "records" ? config.bounds : countries[Number(button.dataset.extent)]); });
    if (button.dataset.region && window.Intl && Intl.DisplayNames) {
      button.textContent = new Intl.DisplayNames([config.lang], { type: "region" }).of(button.dataset.region);
    }
  });

  // Time slider: what was valid by the end of a month. The date of knowledge is another thing and stands in the header.
  var slider = document.getElementById("time");
  var said = document.getElementById("time-said");
  var first = config.first.split("-").map(Number);
  var last = config.last.split("-").map(Number);
  var months = (last[0] - first[0]) * 12 + last[1] - first[1] + 1;
  slider.max = months;
  slider.value = months;
  function slide() {
    var step = Number(slider.value);
    if (step >= months) { until = null; said.textContent = config.words.all; } else {
      var month = first[1] - 1 + step, year = first[0] + Math.floor(month / 12);
      until = year * 10000 + (month % 12 + 1) * 100 + 31;
      said.textContent = new Intl.DateTimeFormat(config.lang, { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(Date.UTC(year, month % 12, 15)));
    }
    slider.setAttribute("aria-valuetext", said.textContent);
    eachLayer(function (kind, layer) {
      if (kind !== "place" && map.getLayer(layer.id)) { map.setFilter(layer.id, dated(layer.filter)); }
    });
  }
  slider.addEventListener("input", slide);

  // Popups lead to the record
  function text(tag, words, parent) { var node = document.createElement(tag); node.textContent = words; parent.appendChild(node); return node; }
  function describe(feature) {
    var item = document.createElement("div"), what = feature.properties;
    if (feature.source !== "line") { text("b", config.words.kinds[feature.source] || feature.source, item); }
    if (what.m2 !== undefined) { text("div", number(what.m2) + " m²", item); }
    if (what.c !== undefined) {
      text("div", number(what.c) + " " + config.words.count + (what.m ? " · " + number(what.m) + " " + config.words.area : ""), item);
      return item;
    }
    var signs = (what.s || "").split(" ").map(function (word) { return config.words.symbols[word] || word; }).filter(Boolean).join(", ");
    if (signs) { text("div", signs, item); }
    if (what.r) { text("div", config.words.reported + ": " + (config.words.symbols[what.r] || what.r), item).className = "quiet small"; }
    var line = document.createElement("div"), link = text("a", what.t || what.n, line);
    link.href = config.record + what.id + "/";
    if (what.t && what.t !== what.n) { text("span", " " + what.n, line).className = "quiet"; }
    if (what.u) { text("span", " " + config.words.unverified, line).className = "state submitted"; }
    item.appendChild(line);
    return item;
  }
  function number(value) { return new Intl.NumberFormat(config.lang).format(value); }

  map.on("click", function (event) {
    var near = [[event.point.x - 4, event.point.y - 4], [event.point.x + 4, event.point.y + 4]], seen = {};
    var found = map.queryRenderedFeatures(near).filter(function (feature) {
      if (feature.source === "line-marks") { return false; }
      var key = feature.source + (feature.properties.id || feature.properties.code || feature.id + (feature.properties.s || ""));
      if (seen[key]) { return false; }
      seen[key] = true;
      return true;
    }).slice(0, 12);
    if (!found.length) { return; }
    var body = document.createElement("div"), popup = new maplibregl.Popup({ maxWidth: "280px" });
    found.forEach(function (feature) { body.appendChild(feature.source === "published" ? lines(feature, popup) : describe(feature)); });
    popup.setLngLat(event.lngLat).setDOMContent(body).addTo(map);
  });
  map.on("mousemove", function (event) {
    map.getCanvas().style.cursor = map.queryRenderedFeatures(event.point, {}).length ? "pointer" : "";
  });

  // Place names as HTML: the wheel carries no glyph files. Those that would overlap stay away.
  var markers = [];
  function labels() {
    markers.forEach(function (marker) { marker.remove(); });
    markers = [];
    var taken = [], bounds = map.getBounds(), zoom = map.getZoom();
    if (shown.published) {
      spoken.forEach(function (district) {
        if (!bounds.contains(district.at)) { return; }
        var element = document.createElement("div"), at = map.project(district.at);
        element.className = "spoken-label";
        element.textContent = number(district.n);
        taken.push([at.x - 9, at.y - 9, at.x + 9, at.y + 9]);
        markers.push(new maplibregl.Marker({ element: element }).setLngLat(district.at).addTo(map));
      });
    }
    var note = document.getElementById("cells-note");
    note.hidden = !(config.cells.length && zoom < 11);
    if (shown.place === false) { return; }
    config.labels.some(function (label) {
      if (!bounds.contains([label.lon, label.lat]) || (label.rank > 2 && zoom < 9)) { return false; }
      var at = map.project([label.lon, label.lat]), wide = label.name.length * 7 + 8;
      var box = [at.x - wide / 2, at.y - 9, at.x + wide / 2, at.y + 9];
      if (taken.some(function (other) { return box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]; })) { return false; }
      taken.push(box);
      var element = document.createElement("div");
      element.className = "place-label";
      element.textContent = label.name;
      markers.push(new maplibregl.Marker({ element: element }).setLngLat([label.lon, label.lat]).addTo(map));
      return markers.length > 60;
    });
  }
  map.on("moveend", labels);
  map.on("load", labels);
  map.on("idle", function () { holder.dataset.ready = "yes"; });
}());
