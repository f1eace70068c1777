// The print button: there is none where there is no script, since nothing else could open the browser's print window.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
