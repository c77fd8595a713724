// What is wrong with a page for who hears it, reads it large or uses the keyboard: one line each.
() => {
  const wrong = [];
  const name = (element) => element.outerHTML.slice(0, 90);
  const text = (element) => (element ? element.textContent.trim() : "");
  const isShown = (element) => element.checkVisibility();
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isShown);

  if (!document.documentElement.lang) wrong.push("the page names no language");
  if (!document.title.trim()) wrong.push("the page has no title");
  if (document.querySelectorAll("main").length !== 1) wrong.push("not exactly one main");
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  ids.filter((id, i) => ids.indexOf(id) !== i).forEach((id) => wrong.push(`id ${id} stands twice`));
  all("a[href^='#']").forEach((link) => {
    if (!document.getElementById(link.hash.slice(1))) wrong.push(`${name(link)} leads nowhere`);
  });

  all("a, button, summary, input, select, [tabindex='0']").forEach((control) => {
    const label = control.labels ? [...control.labels].map(text).join(" ") : "";
    if (!(control.getAttribute("aria-label") || label || (control.matches("input, select") ? "" : text(control)))) {
      wrong.push(`${name(control)} has no name`);
    }
  });
  all("[role=region], [role=group], [role=search], nav").forEach((region) => {
    if (!region.getAttribute("aria-label")) wrong.push(`${name(region)} has no name`);
  });
  all("svg").forEach((image) => {
    const holder = image.closest("[role=img]");
    if (!holder || !holder.getAttribute("aria-label")) wrong.push(`${name(image)} has no label`);
  });
  all("img").forEach((image) => { if (!image.alt) wrong.push(`${name(image)} has no alt`); });

  all("table").forEach((table) => {
    if (!table.caption || !text(table.caption)) wrong.push(`${name(table)} has no caption`);
    table.querySelectorAll("th").forEach((header) => {
      if (!header.scope) wrong.push(`${name(header)} has no scope`);
      if (!text(header)) wrong.push(`${name(header)} of ${text(table.caption)} is empty`);
    });
    const width = [...table.tHead.rows[0].cells].reduce((sum, cell) => sum + cell.colSpan, 0);
    [...table.tBodies[0].rows].forEach((row) => {
      const cells = [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0);
      if (cells !== width) wrong.push(`${text(table.caption)}: a row of ${cells} in ${width} columns`);
    });
  });

  let level = 0;
  all("h1, h2, h3, h4, h5, h6").forEach((heading) => {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) wrong.push(`${name(heading)} follows a heading of level ${level}`);
    level = next;
  });
  if (all("h1").length !== 1) wrong.push("not exactly one h1");

  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => {
    const [red, green, blue] = [r, g, b].map((c) => {
      const part = c / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
      if (color[3] !== 0) wrong.push(`${name(at)} has a ground that is half transparent`);
    }
    return [255, 255, 255];
  };
  all("body *").forEach((element) => {
    const has = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!has || element.matches("script, style, option, svg *, :disabled")) return;
    const ink = channels(getComputedStyle(element).color);
    const [light, dark] = [luminance(ink), luminance(ground(element))].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 4.5) wrong.push(`${name(element)} has a contrast of ${ratio.toFixed(2)}`);
  });
  return wrong;
}
