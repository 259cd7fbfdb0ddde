// Lets nobody send a form twice while its answer is on the way.
const form = document.querySelector("form[data-once]");
const button = form?.querySelector("button[type=submit]");

if (button) {
  form.addEventListener("submit", () => {
    button.disabled = true;
  });
  addEventListener("pageshow", () => {
    button.disabled = false;
  });
}
