// The small map of one record: its own shape with its symbol, nothing else.
(function () {
  "use strict";
  var shape = JSON.parse(document.getElementById("shape").textContent);
  var symbols = window.ClearlandSymbols;
  if (!window.maplibregl) { return; }
  var geometry = JSON.parse(shape.geometry);
  var words = shape.style.split(" ");
  var kind = words.shift();
  var box = [Infinity, Infinity, -Infinity, -Infinity];
  (function walk(part) {
    if (typeof part[0] === "number") {
      box = [Math.min(box[0], part[0]), Math.min(box[1], part[1]), Math.max(box[2], part[0]), Math.max(box[3], part[1])];
    } else { part.forEach(walk); }
  }(geometry.coordinates));
  var map = new maplibregl.Map({
    container: "mini", attributionControl: false, dragRotate: false, fadeDuration: 0,
    bounds: [[box[0], box[1]], [box[2], box[3]]], fitBoundsOptions: { padding: 40, maxZoom: 15 },
    style: { version: 8, sources: {}, layers: [{ id: "paper", type: "background", paint: { "background-color": symbols.colours.paper } }] }
  });
  map.scrollZoom.disable();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({}), "bottom-right");
  map.on("load", function () {
    symbols.addImages(map);
    map.addSource("record", { type: "geojson", data: { type: "Feature", properties: { s: words.join(" ") }, geometry: geometry } });
    symbols.layersOf(kind).forEach(function (layer) { map.addLayer(Object.assign({ source: "record" }, layer)); });
  });
}());
