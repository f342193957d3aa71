// Adds comfort only: every page works without it.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, act, target = document) => target.addEventListener(type, act);

requestAnimationFrame(() => {
  if (document.activeElement === document.body) document.querySelector("[data-summary]")?.focus();
});

// Menus close when one looks elsewhere.
const openMenus = () => all("details.menu[open]");
on("click", (event) => openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
on("keydown", (event) => {
  if (event.key !== "Escape") return;
  openMenus().forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

// A second press must not send twice. The wait lets the pressed button's own value travel.
const held = new Set();
const release = () => { held.forEach((button) => { button.disabled = false; }); held.clear(); };
on("submit", ({ target, defaultPrevented }) => {
  if (defaultPrevented || target.method !== "post") return;
  setTimeout(() => {
    [...target.elements].forEach((button) => {
      if (button.type === "submit" && !button.disabled) { button.disabled = true; held.add(button); }
    });
  });
  setTimeout(release, 8000);
});
on("pageshow", release, window);

// Text areas say when their room grows short.
const prepareCounters = (root) => all("[data-count]", root).forEach((area) => {
  const room = Number(area.dataset.count);
  const line = Object.assign(document.createElement("p"), { className: "count" });
  line.setAttribute("aria-live", "polite");
  area.after(line);
  let timer;
  const show = () => {
    const left = room - [...area.value].length;
    const words = left < 0 ? area.dataset.countOver : area.dataset.countText;
    line.hidden = left > room / 5;
    line.textContent = line.hidden ? "" : words.replace("#", Math.abs(left).toLocaleString(document.documentElement.lang));
    line.classList.toggle("over", left < 0);
  };
  on("input", () => { clearTimeout(timer); timer = setTimeout(show, 300); }, area);
  show();
});
prepareCounters(document);

// What is shown once can be printed and copied.
all("[data-prints]").forEach((button) => {
  button.hidden = false;
  on("click", () => print(), button);
});
all("[data-copies]").forEach((button) => {
  const items = all(`[data-copy="${button.dataset.copies}"] li`).map((item) => item.textContent);
  button.hidden = !navigator.clipboard;
  on("click", async () => {
    await navigator.clipboard.writeText(items.join("\n"));
    button.querySelector("span").textContent = button.dataset.said;
  }, button);
});

// Articles that fit what is being written are offered beside it. Only the beginning is sent, and never in an address.
all("[data-offer]").forEach((box) => {
  const form = box.closest("form");
  const field = form?.elements[box.dataset.offerField];
  if (!field) return;
  const [said, list] = box.children;
  all("[data-offer-button]", form).forEach((button) => { button.hidden = true; });
  let last = "";
  let timer, asking;
  const show = (html) => {
    list.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    const words = list.querySelector("h2")?.textContent ?? "";
    if (said.textContent !== words) said.textContent = words;
  };
  const ask = async () => {
    const subject = [...field.value.trimStart()].slice(0, 100).join("").trimEnd();
    if (subject === last) return;
    last = subject;
    asking?.abort();
    if (subject.length < 4) return show("");
    asking = new AbortController();
    const body = new URLSearchParams({ csrf: form.elements.csrf.value, subject, teil: "1" });
    try {
      const answer = await fetch(box.dataset.offer, { method: "POST", body, signal: asking.signal, headers: { "X-Requested-With": "fragment" } });
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch { /* asked anew, or no connection: the form works without */ }
  };
  on("input", () => { clearTimeout(timer); timer = setTimeout(ask, 600); }, field);
  if (!list.childElementCount) ask();
});

// Fragments fetch themselves anew while somebody looks.
all("[data-refresh-url]").forEach((box) => {
  let last;
  const timer = setInterval(async () => {
    const active = document.activeElement;
    if (document.hidden || (box.contains(active) && active.matches("input, select, textarea")) || box.querySelector(":checked:is([type=checkbox])")) return;
    let answer;
    try {
      answer = await fetch(box.dataset.refreshUrl, { headers: { "X-Requested-With": "fragment" } });
    } catch {
      return;
    }
    if (answer.status === 401 || answer.status === 403 || answer.redirected) return clearInterval(timer);
    if (answer.status !== 200) return;
    const text = await answer.text();
    if (text === last) return;
    last = text;
    const fresh = new DOMParser().parseFromString(text, "text/html").body;
    const now = [...box.children];
    if (now.length === fresh.children.length && now.every((child, i) => child.isEqualNode(fresh.children[i]))) return;
    const focus = box.contains(document.activeElement) && document.activeElement.getAttribute("href");
    const scrolled = box.scrollTop;
    box.replaceChildren(...fresh.childNodes);
    box.scrollTop = scrolled;
    prepareCounters(box);
    if (focus) all("a", box).find((link) => link.getAttribute("href") === focus)?.focus();
  }, Math.max(2, Number(box.dataset.refreshSeconds) || 10) * 1000);
});

// Whoever writes an answer says so to the others, as long as it goes on.
all("[data-here]").forEach((box) => {
  const area = box.querySelector("textarea");
  let last = 0;
  const say = (gone) => {
    const form = new URLSearchParams({ csrf: box.dataset.csrf });
    if (gone) form.set("fort", "ja");
    fetch(box.dataset.here, { method: "POST", body: form, keepalive: true }).catch(() => {});
  };
  on("input", () => {
    if (Date.now() - last < 20000) return;
    last = Date.now();
    say(false);
  }, area);
  on("pagehide", () => { if (last) say(true); }, window);
});

// What can be taken back says for how long, and is gone when that is over.
all("[data-seconds]").forEach((box) => {
  const left = box.querySelector("[data-left]");
  const until = performance.now() + Number(box.dataset.seconds) * 1000;
  const timer = setInterval(() => {
    const seconds = Math.ceil((until - performance.now()) / 1000);
    if (seconds > 0) { left.textContent = seconds; return; }
    clearInterval(timer);
    // it stands in the thread then; what is being written is not lost for that
    const touched = all("textarea").some((area) => area.value !== area.defaultValue);
    if (!touched) return setTimeout(() => location.reload(), 1500);
    if (box.contains(document.activeElement)) document.querySelector("main").focus();
    box.remove();
  }, 250);
});

// Keys of the desk. Each single key can be switched off, as people who dictate need it.
const dialog = document.querySelector("dialog#keys");
if (dialog) {
  const store = "tresen-keys";
  const choice = dialog.querySelector("[data-keys-on]");
  try { choice.checked = localStorage.getItem(store) !== "off"; } catch { /* no storage: the keys stay on */ }
  on("change", () => {
    try { localStorage.setItem(store, choice.checked ? "on" : "off"); } catch { /* holds for this page only */ }
  }, choice);
  all("[data-opens=keys]").forEach((button) => on("click", () => dialog.showModal(), button));

  const seen = (element) => element.checkVisibility?.() ?? true;
  const focus = (selector) => {
    const mark = all(selector).find(seen);
    // what is folded away cannot take the focus
    mark?.querySelector(":scope > details")?.setAttribute("open", "");
    const target = mark?.querySelector("textarea, input:not([type=hidden]), button") ?? mark;
    target?.focus();
    return Boolean(target);
  };
  const move = (step) => {
    // of a row the first one
    const first = (link) => (link.closest("tr")?.querySelector("a[href], [data-row]") ?? link) === link;
    const links = all("[data-keys] a[href], [data-keys] [data-row]").filter((link) => seen(link) && first(link));
    const at = links.indexOf(document.activeElement);
    const from = at >= 0 ? at : links.findIndex((link) => link.hasAttribute("aria-current"));
    const next = links[from < 0 ? 0 : Math.min(links.length - 1, Math.max(0, from + step))];
    next?.focus();
    return Boolean(next);
  };
  on("keydown", (event) => {
    if (!choice.checked || dialog.open || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches("input, select, textarea, [contenteditable]")) return;
    const done = {
      "/": () => focus("input[type=search]"),
      "?": () => (dialog.showModal(), true),
      j: () => move(1),
      k: () => move(-1),
    }[event.key] ?? (/^[a-z]$/.test(event.key) ? () => focus(`[data-key="${event.key}"]`) : null);
    if (done?.()) event.preventDefault();
  });
}
