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
