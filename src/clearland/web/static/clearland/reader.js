// The reader: hovering a marked sentence shows its claims in the margin, and the other way round.
(function () {
  "use strict";
  var doc = document.getElementById("doc");
  var margin = document.getElementById("margin");
  if (!doc || !margin) { return; }

  function light(keys, scroll) {
    doc.querySelectorAll("mark.here").forEach(function (mark) { mark.classList.remove("here"); });
    margin.querySelectorAll("li.here").forEach(function (item) { item.classList.remove("here"); });
    keys.forEach(function (key) {
      doc.querySelectorAll('mark[data-claims~="' + key + '"]').forEach(function (mark) { mark.classList.add("here"); });
      var item = margin.querySelector('li[data-claim="' + key + '"]');
      if (item) { item.classList.add("here"); }
    });
    var first = margin.querySelector("li.here");
    if (scroll && first) { first.parentElement.parentElement.scrollTop = first.offsetTop - 60; }
  }

  doc.addEventListener("mouseover", function (event) {
    var mark = event.target.closest("mark");
    if (mark) { light(mark.dataset.claims.split(" "), true); }
  });
  doc.addEventListener("click", function (event) {
    var mark = event.target.closest("mark");
    if (mark) { light(mark.dataset.claims.split(" "), true); }
  });
  // Not mouseover: when a click scrolls the page, another claim comes to lie under a pointer that nobody moved.
  ["mousemove", "focusin"].forEach(function (name) {
    margin.addEventListener(name, function (event) {
      var item = event.target.closest("li");
      if (item) { light([item.dataset.claim], false); }
    });
  });

  function arrive() {
    var anchor = /^#c-\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    var mark = anchor && anchor.nextElementSibling;
    if (mark && mark.matches("mark")) { light(mark.dataset.claims.split(" "), true); anchor.scrollIntoView({ block: "center" }); }
  }
  window.addEventListener("hashchange", arrive);
  arrive();
}());
