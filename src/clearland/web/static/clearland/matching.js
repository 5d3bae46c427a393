// One pair by keyboard: s d n decide, x lets the other record count, u takes back, j goes on. Works without, as a form.
(function () {
  "use strict";
  var form = document.getElementById("pair");
  var reason = document.getElementById("reason");
  var fault = document.getElementById("fault");
  var waiting = null;

  function lacksReason(button) { return button.hasAttribute("data-needs-reason") && reason && !reason.value.trim(); }

  function ask(button) {
    waiting = button;
    fault.textContent = fault.dataset.reason;
    reason.focus();
  }

  form.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (button && lacksReason(button)) { event.preventDefault(); ask(button); }
  });

  if (reason) {
    reason.addEventListener("keydown", function (event) {
      if (event.key === "Escape") { waiting = null; fault.textContent = ""; reason.blur(); }
      if (event.key !== "Enter") { return; }
      // Enter in the field must never press the first button: only a verdict that was chosen is sent.
      event.preventDefault();
      if (waiting && !lacksReason(waiting)) { form.requestSubmit(waiting); }
    });
  }

  document.addEventListener("keydown", function (event) {
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "radio") { return; }
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "x") {
      var other = form.querySelector('input[name="counted"]:not(:checked)');
      if (other) { other.checked = true; }
    }
    var chosen = /^[sdnuj]$/.test(event.key) && document.querySelector('[data-key="' + event.key + '"]');
    if (!chosen) { return; }
    event.preventDefault();
    if (lacksReason(chosen)) { ask(chosen); } else { chosen.click(); }
  });
}());
