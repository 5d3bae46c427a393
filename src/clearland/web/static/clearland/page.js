// Small things every page shares: rows that open by keyboard, selects that submit, sheets that close.
(function () {
  "use strict";
  var here = -1;

  function rows() { return Array.prototype.slice.call(document.querySelectorAll("tr.row[data-href]")); }

  function mark(next) {
    var all = rows();
    if (!all.length) { return; }
    here = Math.max(0, Math.min(all.length - 1, next));
    all.forEach(function (row, index) { row.classList.toggle("here", index === here); });
    all[here].scrollIntoView({ block: "nearest" });
    var link = all[here].querySelector("a");
    if (link) { link.focus({ preventScroll: true }); }
  }

  function typing(target) { return /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName); }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { closeSheets(null); }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "j") { mark(here + 1); event.preventDefault(); }
    if (event.key === "k") { mark(here - 1); event.preventDefault(); }
    if (event.key === "Enter" && here >= 0 && event.target === document.body) { open(rows()[here], event); }
    if (event.key === "/") {
      var box = document.querySelector("#q-filter, #q-top");
      if (box && box.offsetParent) { box.focus(); event.preventDefault(); }
    }
  });

  function open(row, event) {
    if (event.ctrlKey || event.metaKey) { window.open(row.dataset.href); } else { window.location.href = row.dataset.href; }
  }

  document.addEventListener("click", function (event) {
    closeSheets(event.target);
    var row = event.target.closest("tr.row[data-href]");
    if (row && !event.target.closest("a, button, input") && !String(window.getSelection())) { open(row, event); }
  });

  function closeSheets(inside) {
    document.querySelectorAll("details.pop[open]").forEach(function (sheet) {
      if (!inside || !sheet.contains(inside)) { sheet.open = false; }
    });
  }

  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-submit-on-change]");
    if (form) { form.requestSubmit(); }
  });

  // On a narrow screen tabs are one row to be pushed aside: begin where the reader is.
  document.querySelectorAll(".tabs [aria-current]").forEach(function (tab) { tab.parentNode.scrollLeft = tab.offsetLeft - tab.parentNode.offsetLeft; });

  // Addresses carry what was chosen and nothing else.
  document.addEventListener("htmx:configRequest", function (event) {
    var form = event.detail.formData;
    Array.from(form.keys()).forEach(function (name) { if (form.get(name) === "") { form.delete(name); } });
  });
  document.addEventListener("submit", function (event) {
    if (event.target.method !== "get") { return; }
    event.target.querySelectorAll("input, select").forEach(function (field) { if (field.value === "") { field.disabled = true; } });
    window.setTimeout(function () { event.target.querySelectorAll(":disabled").forEach(function (field) { field.disabled = false; }); }, 0);
  });

  // A newer count stands: the page is drawn from it. The map keeps its place and fetches its cells anew.
  document.addEventListener("sums-ready", function () {
    if (document.getElementById("map")) { return; }
    window.htmx.ajax("GET", window.location.pathname + window.location.search, { target: "#main", select: "#main", swap: "outerHTML" });
  });

  document.addEventListener("htmx:afterSwap", function () { here = -1; });
}());
