// The editor of rule packs: numbers beside the lines, a jump to the line of a problem, no text lost by leaving.
(function () {
  var text = document.getElementById("pack-text");
  if (!text) { return; }
  var form = document.getElementById("editor");
  var gutter = document.querySelector(".pack-gutter");
  var saved = text.defaultValue;
  var leaves = false;

  function count() {
    var lines = text.value.split("\n").length;
    if (gutter.getAttribute("data-lines") === String(lines)) { return; }
    var numbers = [];
    for (var n = 1; n <= lines; n += 1) { numbers.push(n); }
    gutter.textContent = numbers.join("\n") + "\n\n\n";
    gutter.setAttribute("data-lines", String(lines));
  }

  function jump(line, column) {
    var lines = text.value.split("\n");
    var at = Math.min(Math.max(line, 1), lines.length);
    var start = 0;
    for (var n = 0; n < at - 1; n += 1) { start += lines[n].length + 1; }
    var from = start + Math.min(Math.max(column - 1, 0), lines[at - 1].length);
    text.focus();
    text.setSelectionRange(from, start + lines[at - 1].length);
    var height = parseFloat(window.getComputedStyle(text).lineHeight);
    text.scrollTop = Math.max(0, (at - 4) * height);
    gutter.scrollTop = text.scrollTop;
  }

  text.addEventListener("input", count);
  text.addEventListener("scroll", function () { gutter.scrollTop = text.scrollTop; });
  count();
  if (text.getAttribute("data-line")) {
    jump(Number(text.getAttribute("data-line")), Number(text.getAttribute("data-column")));
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a.to-line") : null;
    if (!link || link.getAttribute("data-file") !== text.getAttribute("data-file")) { return; }
    event.preventDefault();
    jump(Number(link.getAttribute("data-line")), Number(link.getAttribute("data-column")));
  });

  form.addEventListener("submit", function () { leaves = true; });
  window.addEventListener("pageshow", function () { leaves = false; });
  window.addEventListener("beforeunload", function (event) {
    if (!leaves && !text.readOnly && (text.value !== saved || form.hasAttribute("data-unsaved"))) { event.preventDefault(); }
  });
}());
