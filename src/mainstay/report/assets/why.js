// The page of reasons: language and printing; all else is written in the page.

function speak(lang) {
  document.documentElement.dataset.lang = lang;
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  for (const button of document.querySelectorAll("[data-lang-button]")) button.setAttribute("aria-pressed", String(button.dataset.langButton === lang));
}
for (const button of document.querySelectorAll("[data-lang-button]")) button.addEventListener("click", () => speak(button.dataset.langButton));
document.getElementById("print").addEventListener("click", () => window.print());
speak(navigator.language.startsWith("zh") ? "zh" : "en");
