// On every page: GOV.UK Frontend's components, and a print button where there is one.
import { initAll } from "./build/govuk-frontend.min.js";

initAll();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
