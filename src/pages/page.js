/* bantin: buttons that copy an address. The pages can do without: the buttons show where this runs. */
(function () {
  "use strict";

  function copied(button) {
    var status = document.querySelector("[role=status]");
    var label = button.firstChild;
    var name = label.data;
    if (name === button.dataset.done) return;
    label.data = button.dataset.done;
    if (status) status.textContent = button.dataset.done;
    setTimeout(function () {
      label.data = name;
      if (status) status.textContent = "";
    }, 3000);
  }

  // Pages that are not served by https have no clipboard of the newer kind.
  function selected(button) {
    var code = button.parentNode.querySelector("code");
    var selection = getSelection();
    selection.selectAllChildren(code);
    if (document.execCommand("copy")) copied(button);
  }

  document.querySelectorAll("button[data-copy]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      if (!navigator.clipboard) return selected(button);
      navigator.clipboard.writeText(button.dataset.copy).then(
        function () { copied(button); },
        function () { selected(button); }
      );
    });
  });
})();
