/* Préau: what the pages do beyond htmx. Every page works without it. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // "/" goes to the page's search; Escape closes the account menu.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = one("[data-search]");
      const page = one('link[rel="search"]');
      if (search) { event.preventDefault(); search.focus(); search.select(); } else if (page) { event.preventDefault(); location.assign(page.href); }
    }
    if (event.key === "Tab") followExplained(event);
    if (["j", "k", "J", "K", "Enter"].includes(event.key) && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) move(event);
    if (event.key === "Escape") all("details.me[open]").forEach((menu) => { menu.open = false; one("summary", menu).focus(); });
  });
  // A list whose lines are explained beside it: J and K choose, Enter opens; a touch or a click chooses or opens.
  const choose = (row) => {
    all("[data-rows] .chosen").forEach((each) => each.classList.remove("chosen"));
    row.classList.add("chosen");
    row.scrollIntoView({ block: "nearest" });
    all("[data-explains]").forEach((each) => {
      each.hidden = each.dataset.explains !== row.dataset.row;
      all("a, button", each).forEach((act) => { act.tabIndex = -1; }); // reached from its line, see below
    });
  };
  const move = (event) => {
    const rows = all("[data-rows] [data-row]");
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.classList.contains("chosen"));
    if (event.key === "Enter") {
      if (at >= 0 && !event.target.closest("a, button, summary")) location.assign(rows[at].dataset.row);
      return;
    }
    event.preventDefault();
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + (event.key.toLowerCase() === "j" ? 1 : -1)))];
    choose(next);
    one("a", next).focus();
  };
  // What explains a line stands beside it, and is the keyboard's next stop after it; then comes the next line.
  const followExplained = (event) => {
    const here = document.activeElement;
    const row = here.closest("[data-rows] [data-row]");
    const explained = here.closest("[data-explains]");
    const go = (place) => { event.preventDefault(); place.focus(); };
    if (row && !event.shiftKey && here === all("a, button", row).pop()) {
      const act = one("[data-explains]:not([hidden]) :is(a, button)");
      if (act && act.checkVisibility()) go(act);
    } else if (explained) {
      const acts = all("a, button", explained);
      const rows = all("[data-rows] [data-row]");
      const at = rows.findIndex((each) => each.dataset.row === explained.dataset.explains);
      if (at < 0 || here !== (event.shiftKey ? acts[0] : acts.pop())) return;
      if (event.shiftKey) go(one("a", rows[at]));
      else if (rows[at + 1]) go(one("a", rows[at + 1]));
      else one("a", rows[at]).focus(); // the last one: on from there, to what follows the list
    }
  };
  const first = one("[data-rows] [data-row]");
  if (first) choose(first);
  document.addEventListener("focusin", (event) => { const row = event.target.closest("[data-rows] [data-row]"); if (row) choose(row); });
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-rows] [data-row]");
    if (row && !event.target.closest("a")) { if (row.classList.contains("chosen") || !matchMedia("(min-width: 60rem)").matches) location.assign(row.dataset.row); else choose(row); }
    all("details.me[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    const theme = event.target.closest("[data-theme-choice]");
    if (theme) chooseTheme(theme.dataset.themeChoice);
    if (event.target.closest("[data-print]")) window.print();
  });

  // Light, dark, or what the device says; kept in a cookie so that the server draws the first paint right.
  function chooseTheme(theme) {
    const secure = location.protocol === "https:" ? "; secure" : "";
    if (theme === "auto") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = theme;
    document.cookie = `theme=${theme === "auto" ? "" : theme}; path=/; max-age=${theme === "auto" ? 0 : 31536000}; samesite=lax${secure}`;
    all("[data-theme-choice]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme)));
  }

  // Choose all, and say how many are chosen.
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-check-all]")) all(`input[type=checkbox][name="${box.dataset.checkAll}"]`).forEach((item) => { item.checked = box.checked; });
    if (box.matches("input[type=checkbox]")) countChosen();
    if (box.matches("input[type=file]")) nameFiles(box);
    if (box.matches("[data-submit-on-change]")) box.form.requestSubmit();
  });
  function countChosen() {
    all("[data-chosen]").forEach((place) => {
      const boxes = all(`input[type=checkbox][name="${place.dataset.chosen}"]`);
      const chosen = boxes.filter((item) => item.checked).length;
      place.textContent = chosen;
      const bar = place.closest("[data-batch]");
      if (bar) bar.hidden = chosen === 0;
      const whole = one(`[data-check-all="${place.dataset.chosen}"]`);
      if (whole) { whole.checked = chosen > 0 && chosen === boxes.length; whole.indeterminate = chosen > 0 && chosen < boxes.length; }
    });
  }

  // A long list is searched: what is chosen, or was, stays when other rows come; Enter searches, it sends nothing.
  const chosenRows = (part) => all("input:is([type=checkbox], [type=radio])", part).filter((box) => box.checked || one("input[type=hidden]", box.closest("label")));
  function keepChosen(target) {
    const list = one("[data-searched-chosen]", target.closest("[data-searched]"));
    all("input[type=radio]:not(:checked)", list).forEach((box) => { if (box.value) box.closest("label").remove(); });
    chosenRows(target).forEach((box) => list.append(box.closest("label")));
  }
  function leaveOutChosen(target) {
    const list = one("[data-searched-chosen]", target.closest("[data-searched]"));
    const there = new Set(all("input:is([type=checkbox], [type=radio])", list).map((box) => box.value));
    all("label", target).forEach((row) => { if (there.has(one("input", row).value)) row.remove(); });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.closest("[data-find]")) event.preventDefault(); });

  // File drops: the input covers its zone, so dropping works by itself; the names chosen are told.
  function nameFiles(input) {
    const names = one(".drop-names", input.closest(".drop") || document.createElement("p"));
    if (names) names.textContent = [...input.files].map((file) => file.name).join(", ");
  }
  ["dragenter", "dragleave", "drop"].forEach((kind) => document.addEventListener(kind, (event) => {
    const zone = event.target.closest && event.target.closest(".drop");
    if (zone) zone.classList.toggle("is-over", kind === "dragenter");
  }));

  // What was typed is not lost: before it goes, we ask whether it would arrive and who is signed in; if not, the page stays as it is.
  const changed = (fields, form) => all(fields, form).filter((field) => field.value && field.value !== field.defaultValue);
  const typed = (form) => !one("[type=password]", form) && (changed("textarea, input[type=file]", form).length > 0
    || changed("input:not([type=hidden], [type=checkbox], [type=radio], [type=submit])", form).length > 1);
  const tokens = (root) => all("[name=csrfmiddlewaretoken]", root);
  async function wouldArrive() {
    const dialog = one("dialog[data-stay-url]");
    const asked = (address, details) => fetch(address, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(15000), ...details });
    if (!dialog) return (await asked("/health/live")).ok ? "" : "away";
    const stay = () => asked(dialog.dataset.stayUrl, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": tokens(document)[0].value } });
    let answer = await stay();
    if (answer.status === 403) { // signed in again, in another tab: this page gets the new token
      const again = new DOMParser().parseFromString(await (await asked(location.href)).text(), "text/html");
      if (one("dialog[data-stay-url]", again)) tokens(document).forEach((field) => { field.value = tokens(again)[0].value; });
      answer = await stay();
    }
    return answer.ok ? "" : answer.status >= 500 ? "away" : "signed-out";
  }
  function sayNotSent(form, why) {
    all("[data-not-sent-here]").forEach((each) => each.remove());
    const notice = one(`template[data-not-sent="${why}"]`).content.firstElementChild.cloneNode(true);
    notice.dataset.notSentHere = "";
    const buttons = one(".form-actions", form);
    if (buttons) buttons.before(notice); else form.prepend(notice);
    notice.tabIndex = -1;
    notice.focus();
    notice.scrollIntoView({ block: "center" });
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get" || form.hasAttribute("hx-post") || form.dataset.arrives || !typed(form)) return;
    event.preventDefault();
    const button = event.submitter;
    wouldArrive().catch(() => "away").then((why) => {
      if (why) { sayNotSent(form, why); return; }
      form.dataset.arrives = "1";
      setTimeout(() => { delete form.dataset.arrives; }, 4000);
      form.requestSubmit(button);
    });
  });

  // A form is sent once; the name to type opens the dangerous button.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });
  function guardNames(root) {
    all("[data-name-to-type]", root).forEach((input) => {
      const button = one("[data-guarded]", input.form);
      const check = () => button.setAttribute("aria-disabled", String(input.value.trim() !== input.dataset.nameToType));
      input.addEventListener("input", check);
      button.addEventListener("click", (event) => { if (button.getAttribute("aria-disabled") === "true") { event.preventDefault(); input.focus(); } });
      check();
    });
  }

  // A table that scrolls inside its box can be scrolled by keyboard.
  function openBoxes() {
    all(".table-box").forEach((box) => {
      const scrolls = box.scrollWidth > box.clientWidth + 1;
      if (scrolls === box.hasAttribute("tabindex")) return;
      const title = one("caption", box) || one("h2, h3", box.closest("section") || box.parentElement) || one("h1");
      if (scrolls) { box.tabIndex = 0; box.setAttribute("role", "region"); box.setAttribute("aria-label", title ? title.textContent.trim() : ""); }
      else ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
    });
  }

  // The session's end is announced, with a way to stay.
  function watchLock() {
    const dialog = one("dialog[data-lock-seconds]");
    if (!dialog) return;
    const { lockSeconds, lockWarn, stayUrl, lockedUrl } = dialog.dataset;
    let last = Date.now();
    let asked = 0;
    const left = () => Number(lockSeconds) - (Date.now() - last) / 1000;
    const stay = () => fetch(stayUrl, { method: "POST", headers: { "X-CSRFToken": one("[name=csrfmiddlewaretoken]", dialog).value }, credentials: "same-origin" })
      .then((answer) => { if (answer.ok) { last = Date.now(); if (dialog.open) dialog.close(); } });
    ["keydown", "pointerdown"].forEach((kind) => document.addEventListener(kind, () => {
      if (!dialog.open && Date.now() - asked > 60000) { asked = Date.now(); stay(); }
    }, { passive: true }));
    one("[data-stay]", dialog).addEventListener("click", (event) => { event.preventDefault(); stay(); });
    document.body.addEventListener("htmx:afterRequest", (event) => { if (event.detail.requestConfig.verb !== "get") last = Date.now(); });
    setInterval(() => {
      const seconds = Math.max(0, Math.ceil(left()));
      if (seconds <= 0) { location.assign(lockedUrl); return; }
      if (seconds <= Number(lockWarn)) {
        if (!dialog.open) dialog.showModal();
        one("[data-left]", dialog).textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      }
    }, 1000);
  }

  // A row that was added has the focus in its first field; after one was taken away, the last one's.
  function followRows(event) {
    const act = String([].concat((event.detail.requestConfig || { parameters: {} }).parameters.act)[0] || "");
    if (!/^(site-)?(add|remove-\d+)$/.test(act)) return;
    const bodies = all("table.sheet tbody").filter((body) => Boolean(body.closest("#sheet")) !== act.startsWith("site-"));
    const row = bodies.length && bodies[0].lastElementChild;
    const field = row && [...row.querySelectorAll("input:not([type=hidden]), select, textarea, [role=combobox]")].find((each) => each.checkVisibility());
    if (field) field.focus();
  }

  // What is wrong is read first; a place named in the address would take the focus once the page is there.
  function showErrors(root) {
    const summary = one(".error-summary", root);
    if (!summary) return;
    summary.focus();
    if (location.hash) window.addEventListener("load", () => requestAnimationFrame(() => summary.focus()), { once: true });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const chosen = document.documentElement.dataset.theme || "auto";
    all("[data-theme-choice]").forEach((button) => { button.hidden = false; button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen)); });
    all("[data-needs-script]").forEach((part) => { part.hidden = false; });
    countChosen(); guardNames(document); watchLock(); openBoxes();
    new ResizeObserver(openBoxes).observe(document.body);
    // On a narrow screen: the tab one is on, and the latest months, are in view.
    all(".tabs [aria-current]").forEach((tab) => { const bar = tab.closest(".tabs"); bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - 16; });
    all(".table-box:has(> .chart.columns)").forEach((box) => { box.scrollLeft = box.scrollWidth; });
    showErrors(document);
    document.body.addEventListener("htmx:configRequest", (event) => {
      const token = one("[name=csrfmiddlewaretoken]");
      if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.value;
      if (event.detail.elt.matches("[data-find]")) event.detail.path = location.pathname + location.search;
    });
    document.body.addEventListener("htmx:beforeSwap", (event) => {
      if (event.detail.target.matches("[data-searched-found]")) keepChosen(event.detail.target);
      // A form that was refused comes back with its errors.
      if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
      const box = document.activeElement;
      const typing = event.detail.target.matches("[data-keep-typed]") && event.detail.target.contains(box) && box.value !== box.defaultValue;
      if (typing) event.detail.shouldSwap = false;
    });
    document.body.addEventListener("htmx:afterSettle", (event) => { if (event.detail.elt.matches("[data-searched-found]")) leaveOutChosen(event.detail.elt); countChosen(); guardNames(event.detail.elt); openBoxes(); followRows(event); showErrors(event.detail.elt); });
  });
})();
