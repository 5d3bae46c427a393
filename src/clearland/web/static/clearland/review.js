// Review by keyboard: j k walk, a r c s n u decide, ? helps. The forms are those of the page, sent in the background.
(function () {
  "use strict";
  var doc = document.getElementById("doc");
  var margin = document.getElementById("margin");
  var sheet = document.getElementById("sheet");
  var coming = null;
  var help = document.getElementById("help");
  var fault = document.getElementById("fault");
  var list = margin || document.createElement("ol");
  var done = [];
  var chosen = null;
  var busy = false;
  var HEADERS = { "X-Review": "1" };

  document.documentElement.classList.add("js");

  function items() { return Array.prototype.slice.call(list.children); }
  function here() { return list.querySelector("li.here"); }
  function marksOf(item) { return doc.querySelectorAll('mark[data-claims~="' + item.dataset.claim + '"]'); }

  function go(item, focus) {
    if (!item) { return; }
    var old = here();
    if (old) { old.classList.remove("here"); }
    doc.querySelectorAll("mark.here").forEach(function (mark) { mark.classList.remove("here"); });
    item.classList.add("here");
    var marks = marksOf(item);
    marks.forEach(function (mark) { mark.classList.add("here"); });
    if (focus) { item.focus({ preventScroll: true }); }
    item.scrollIntoView({ block: "nearest" });
    if (marks.length) { marks[0].scrollIntoView({ block: "center" }); }
  }

  function walk(step) {
    var all = items();
    var at = all.indexOf(here());
    go(all[Math.max(0, Math.min(all.length - 1, at + step))], true);
  }

  function onward(from) {
    var all = items();
    var at = all.indexOf(from);
    var rest = all.slice(at + 1).concat(all.slice(0, at));
    var next = rest.filter(function (item) { return item.dataset.verdict === "proposed"; })[0];
    go(next || from, true);
  }

  // A mark is done when every claim that covers it is; struck when all of them were rejected.
  function paint() {
    var verdicts = {};
    items().forEach(function (item) { verdicts[item.dataset.claim] = item.dataset.verdict; });
    doc.querySelectorAll("mark").forEach(function (mark) {
      var said = mark.dataset.claims.split(" ").map(function (key) { return verdicts[key]; });
      mark.classList.toggle("done", said.every(function (one) { return one !== "proposed"; }));
      mark.classList.toggle("rejected", said.every(function (one) { return one === "rejected"; }));
    });
  }

  function complain(answer, box) { box.textContent = [answer.error, answer.remedy].filter(Boolean).join(" "); }

  function send(form, action, item, box) {
    if (busy) { return; }
    busy = true;
    var data = new FormData(form);
    data.set("action", action);
    // Not form.action: a field of that name hides the property.
    fetch(form.getAttribute("action"), { method: "POST", body: data, headers: HEADERS, credentials: "same-origin" }).then(function (response) {
      return response.json();
    }).then(function (answer) {
      busy = false;
      if (answer.error) { complain(answer, box); return; }
      fault.textContent = "";
      if (sheet.open) { sheet.close(); }
      if (answer.url) { arriveAt(answer.url); return; }
      settle(item, answer, action);
    }).catch(function () {
      busy = false;
      box.textContent = document.querySelector(".review").dataset.failed;
    });
  }

  function settle(item, answer, action) {
    var key = item.dataset.claim;
    var made = document.createElement("template");
    made.innerHTML = answer.item.trim();
    item.replaceWith(made.content);
    var fresh = list.querySelector('li[data-claim="' + key + '"]');
    document.getElementById("progress").outerHTML = answer.progress.trim();
    document.getElementById("said").textContent = answer.said + ". " + document.getElementById("progress").textContent.trim();
    paint();
    if (action === "undo") {
      done = done.filter(function (one) { return one !== key; });
      go(fresh, true);
    } else {
      done.push(key);
      onward(fresh);
    }
  }

  // The same address with another anchor would not load again.
  function arriveAt(url) {
    var target = new URL(url, window.location.href);
    if (target.pathname + target.search === window.location.pathname + window.location.search) {
      window.location.hash = target.hash;
      window.location.reload();
    } else {
      window.location.href = url;
    }
  }

  function open(link, extra) {
    if (!link) { return; }
    var mine = coming = {};
    var url = new URL(link.href);
    Object.keys(extra).forEach(function (name) { url.searchParams.set(name, extra[name]); });
    var item = link.closest("li");
    fetch(url, { headers: HEADERS, credentials: "same-origin" }).then(function (response) {
      return response.text();
    }).then(function (html) {
      if (coming !== mine) { return; }
      coming = null;
      sheet.innerHTML = html;
      var form = sheet.querySelector("form");
      form.addEventListener("submit", function (event) {
        event.preventDefault();
        send(form, form.querySelector("button[name=action]").value, item, sheet.querySelector("[role=alert]"));
      });
      sheet.showModal();
      var first = sheet.querySelector("input[type=text]");
      if (first) { first.focus(); first.select(); }
    }).catch(function () {
      if (coming === mine) { coming = null; }
      fault.textContent = document.querySelector(".review").dataset.failed;
    });
  }

  // Characters from the start of the passage, counted as the ledger counts them.
  function selected() {
    var selection = window.getSelection();
    var words = String(selection).trim();
    if (!words || !selection.rangeCount) { return chosen; }
    var range = selection.getRangeAt(0);
    var element = range.startContainer.nodeType === 1 ? range.startContainer : range.startContainer.parentElement;
    var block = element.closest('#doc [id^="p-"]');
    if (!block) { return chosen; }
    var before = document.createRange();
    before.setStart(block, 0);
    before.setEnd(range.startContainer, range.startOffset);
    return { words: words, near: Number(block.id.slice(2)) + Array.from(String(before)).length };
  }

  function startOf(item) { return item ? item.querySelector("a.says").hash.slice(3) : 0; }

  function add() {
    var link = document.querySelector('a[data-open="add"]');
    open(link, selected() || { near: startOf(here()) });
    chosen = null;
  }

  function press(action, item) {
    var button = item && item.querySelector('button[value="' + action + '"]');
    if (button) { send(button.form, action, item, fault); }
  }

  function undo() {
    var item = here();
    if (!item || !item.querySelector('button[value="undo"]')) {
      item = list.querySelector('li[data-claim="' + done[done.length - 1] + '"]');
    }
    press("undo", item);
  }

  var KEYS = {
    j: function () { walk(1); },
    k: function () { walk(-1); },
    a: function () { press("accept", here()); },
    r: function () { press("reject", here()); },
    c: function () { if (here()) { open(here().querySelector('[data-open="correct"]'), {}); } },
    s: function () { if (here()) { open(here().querySelector('[data-open="split"]'), {}); } },
    n: add,
    u: undo,
    "?": function () { help.showModal(); }
  };

  document.addEventListener("keydown", function (event) {
    // A sheet on its way has the keys already: Escape calls it off, and no other key decides anything behind it.
    if (coming) {
      if (event.key === "Escape") { coming = null; }
      return;
    }
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (typing || sheet.open || help.open || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) { return; }
    event.preventDefault();
    KEYS[event.key]();
  });

  document.addEventListener("click", function (event) {
    var key = event.target.closest("[data-key]");
    if (key) { KEYS[key.dataset.key](); return; }
    var link = event.target.closest("a[data-open]");
    if (link) {
      event.preventDefault();
      if (link.dataset.open === "add") { add(); } else { open(link, {}); }
      return;
    }
    if (event.target.closest("[data-cancel]") && sheet.open) { event.preventDefault(); sheet.close(); return; }
    var mark = event.target.closest("#doc mark");
    if (mark && !String(window.getSelection())) { go(list.querySelector('li[data-claim="' + mark.dataset.claims.split(" ")[0] + '"]'), false); }
    var item = event.target.closest("#margin li");
    if (item && item !== here()) { go(item, false); }
  });

  // A tap on the button takes the selection away before the click: it is kept from the press on.
  document.addEventListener("pointerdown", function (event) {
    chosen = event.target.closest('a[data-open="add"]') ? selected() : null;
  });

  list.addEventListener("submit", function (event) {
    var action = event.submitter && event.submitter.value;
    if (!action) { return; }
    event.preventDefault();
    send(event.target, action, event.target.closest("li"), fault);
  });

  paint();
  var anchor = /^#c-\d+$/.test(window.location.hash) && document.getElementById(window.location.hash.slice(1));
  var mark = anchor && anchor.nextElementSibling;
  var first = mark && mark.matches("mark") && list.querySelector('li[data-claim="' + mark.dataset.claims.split(" ")[0] + '"]');
  go(first || list.querySelector('li[data-verdict="proposed"]') || list.firstElementChild, true);
}());
