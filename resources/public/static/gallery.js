// Says that a picture is too large before it is sent, and lets nobody send one twice.
const form = document.querySelector("form[data-upload]");
const field = form?.querySelector("input[type=file]");
const wrong = document.getElementById("picture-wrong");
const button = form?.querySelector("button[type=submit]");

function check() {
  const large = (field.files[0]?.size ?? 0) > Number(form.dataset.most);
  wrong.textContent = large ? form.dataset.large : "";
  if (large) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  return !large;
}

if (form) {
  field.addEventListener("change", check);
  form.addEventListener("submit", (event) => {
    if (check()) button.disabled = true;
    else event.preventDefault();
  });
  addEventListener("pageshow", () => {
    button.disabled = false;
  });
}
