// Runs before the first paint, so that a remembered theme or language never flashes as the other one. A file of its own,
// because the content security policy allows no inline script.
(() => {
  const remembered = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const theme = remembered("reelstate.theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const language = remembered("reelstate.language");
  const chinese =
    language === null
      ? navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag))?.startsWith("zh")
      : language === "zh";
  root.lang = chinese ? "zh-CN" : "en";
})();
