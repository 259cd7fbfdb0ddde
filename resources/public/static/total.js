// Says what the chosen tickets cost together, before they are ordered.
const form = document.querySelector("form[data-total]");
const selects = form ? [...form.querySelectorAll("select[data-price]")] : [];
const button = form?.querySelector("button[type=submit]");
const place = form?.querySelector("[data-sum]");

function show() {
  const count = selects.reduce((sum, each) => sum + Number(each.value), 0);
  const amount = selects.reduce((sum, each) => sum + Number(each.value) * Number(each.dataset.price), 0);
  button.disabled = count === 0;
  place.hidden = count === 0;
  const { currency, language, digits, free } = place.dataset;
  const money = new Intl.NumberFormat(language, { style: "currency", currency });
  place.querySelector("[data-amount]").textContent = amount ? money.format(amount / 10 ** Number(digits)) : free;
}

if (button && place && selects.length) {
  selects.forEach((each) => each.addEventListener("change", show));
  addEventListener("pageshow", show);
  show();
}
