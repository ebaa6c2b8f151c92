// Map and charts of the situation page: fetched when the reader comes near, so that the first view stays light.

const part = document.querySelector("[data-part]");

async function show() {
  part.setAttribute("aria-busy", "true");
  const answer = await fetch(part.dataset.part);
  if (!answer.ok) throw new Error(`${part.dataset.part}: ${answer.status}`);
  const data = document.createElement("script");
  data.type = "application/json";
  data.id = "data";
  data.textContent = await answer.text();
  document.body.append(data);
  for (const source of part.dataset.scripts.trim().split(" ")) {
    const script = document.createElement("script");
    script.src = source;
    script.async = false;
    document.body.append(script);
  }
  part.removeAttribute("aria-busy");
}

if (part) {
  const near = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    near.disconnect();
    show();
  }, { rootMargin: "200px" });
  near.observe(part);
}
