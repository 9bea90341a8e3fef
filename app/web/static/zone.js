// Which zone this browser is in, for the service to tell times by it.
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
if (timeZone) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `zone=${encodeURIComponent(timeZone)}; path=/; max-age=31536000; SameSite=Lax${secure}`;
}
