// Words that scripts show. They come from the page, in the reader's language; places in them are written {so}.
const page = document.getElementById("words");
const words = page ? JSON.parse(page.textContent) : {};

export function say(name, places = {}) {
  return (words[name] ?? "").replace(/\{(\w+)\}/g, (_, place) => places[place] ?? "");
}
