// Asks before forms that say so. Everything else works without scripts.
document.addEventListener("submit", function (event) {
  var question = event.target.getAttribute("data-confirm");
  if (question && !window.confirm(question)) {
    event.preventDefault();
  }
});

// A second press of the same button would send the same thing twice.
document.addEventListener("submit", function (event) {
  if (event.defaultPrevented) { return; }
  var form = event.target;
  if (form.method !== "post") { return; }
  if (form.getAttribute("data-sent")) { event.preventDefault(); return; }
  form.setAttribute("data-sent", "1");
});

// Coming back with the browser's own button shows the page as it was: let its forms be sent again.
window.addEventListener("pageshow", function () {
  Array.prototype.forEach.call(document.querySelectorAll("form[data-sent]"), function (form) {
    form.removeAttribute("data-sent");
  });
});

// What a browser says of a field that is empty or half filled, in the language of the page instead of its own.
document.addEventListener("invalid", function (event) {
  var field = event.target;
  if (field.validity.customError) { return; }
  var kind = field.validity.valueMissing ? "data-needed" : "data-unsuitable";
  field.setCustomValidity(document.body.getAttribute(kind) || "");
}, true);
["input", "change"].forEach(function (kind) {
  document.addEventListener(kind, function (event) {
    var field = event.target;
    var fields = field.type === "radio" && field.form ? field.form.elements[field.name] : [field];
    Array.prototype.forEach.call(fields.length === undefined || fields.tagName ? [fields] : fields, function (one) {
      if (one.setCustomValidity) { one.setCustomValidity(""); }
    });
  }, true);
});

// On paper a folded text stands in full, also where the browser cannot be told so by style.
window.addEventListener("beforeprint", function () {
  Array.prototype.forEach.call(document.querySelectorAll("details.long-text:not([open])"), function (one) {
    one.setAttribute("data-unfolded", "1");
    one.open = true;
  });
});
window.addEventListener("afterprint", function () {
  Array.prototype.forEach.call(document.querySelectorAll("details[data-unfolded]"), function (one) {
    one.removeAttribute("data-unfolded");
    one.open = false;
  });
});
