// Appended to a copy of the page: measures it, and tells the page around it. `blocked` is what it tried to load.
addEventListener("load", () => setTimeout(() => {
  const channels = colour => colour.match(/[\d.]+/g).map(Number);
  const opaque = colour => (channels(colour)[3] ?? 1) === 1;

  // WCAG 2.2: relative luminance, and the contrast of two of them.
  const luminance = colour => {
    const [r, g, b] = channels(colour).map(c => c / 255)
      .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (opaque(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const holdsText = element => [...element.childNodes]
    .some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());

  const texts = [...document.body.querySelectorAll("*:not(script)")]
    .filter(element => holdsText(element) && element.checkVisibility())
    .map(element => ({
      text: element.textContent.slice(0, 40),
      contrast: contrast(getComputedStyle(element).color, behind(element)),
    }));

  const scrollers = [...document.querySelectorAll(".scroll")].map(box => ({
    width: box.getBoundingClientRect().width,
    scrolls: box.scrollWidth > box.clientWidth,
  }));

  const found = document.getElementById(location.hash.slice(1));
  const told = found?.closest("article, .reason");
  const place = found?.getBoundingClientRect();
  const target = told && {
    text: told.textContent,
    visible: told.checkVisibility() && place.top >= 0 && place.top < innerHeight,
  };

  const places = box => {
    const edge = box.getBoundingClientRect();
    box.scrollTo(50, 200);
    const after = selector => box.querySelector(selector).getBoundingClientRect();
    return {
      head: Math.round(after("thead th:last-child").top - edge.top - box.clientTop),
      first: Math.round(after("tbody tr:nth-child(2) th").left - edge.left - box.clientLeft),
    };
  };
  const matrix = document.querySelector(".matrix");
  const stuck = matrix && places(matrix);

  const listed = [...document.querySelectorAll("main li")]
    .filter(item => item.checkVisibility()).map(item => item.id);

  parent.postMessage({
    name,
    scheme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    blocked, texts, scrollers, target, stuck, listed,
  }, "*");
}, 100));
