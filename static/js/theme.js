// data-theme-choice="dark|light|system" changes the colours at once and keeps the choice in a cookie, which the server reads.
document.addEventListener("change", (event) => {
  const choice = event.target.dataset?.themeChoice;
  if (choice === undefined) return;
  if (choice === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  document.cookie = `theme=${choice}; path=/; max-age=31536000; samesite=lax`;
  document.dispatchEvent(new CustomEvent("themechange"));
});
