"use strict";
// Filters the notes and moves between a mark in the copy and its note. The page is whole without it.
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const notes = [...document.querySelectorAll(".note")];
  const texts = [...document.querySelectorAll(".document")];
  const output = form.querySelector("output");
  const marksOf = new Map();
  for (const mark of document.querySelectorAll("[data-note]")) {
    const marks = marksOf.get(mark.dataset.note);
    if (marks) marks.push(mark); else marksOf.set(mark.dataset.note, [mark]);
  }
  let current = null;

  const chosen = (name) => new Set([...form.querySelectorAll(`[name=${name}]:checked`)].map((box) => box.value));

  function filter() {
    const severities = chosen("severity"), statuses = chosen("status");
    const rule = form.elements.rule.value, file = form.elements.file.value;
    let count = 0;
    for (const text of texts) text.hidden = file !== "" && text.dataset.file !== file;
    for (const note of notes) {
      const { severity, status, rule: own } = note.dataset;
      const text = note.closest(".document");
      const fits = severities.has(severity) && statuses.has(status) && (rule === "" || rule === own);
      note.hidden = !fits || (file !== "" && !text);
      for (const mark of marksOf.get(note.id) ?? []) mark.classList.toggle("off", !fits);
      if (!note.hidden && !(text && text.hidden)) count += 1;
    }
    for (const list of document.querySelectorAll(".notes ol")) {
      const empty = [...list.children].every((note) => note.hidden);
      list.hidden = empty;
      if (list.previousElementSibling?.tagName === "H3") list.previousElementSibling.hidden = empty;
    }
    output.value = `${count} of ${notes.length} ${notes.length === 1 ? "finding" : "findings"}`;
  }

  function settle(note) {
    if (current) for (const each of [current, ...(marksOf.get(current.id) ?? [])]) each.classList.remove("current");
    current = note;
    if (note) for (const each of [note, ...(marksOf.get(note.id) ?? [])]) each.classList.add("current");
  }

  function reach(note) {
    settle(note);
    const mark = marksOf.get(note.id)?.[0];
    note.focus({ preventScroll: true });
    if (mark) mark.scrollIntoView({ block: "center" });
    const column = note.closest("aside");
    if (mark && column && getComputedStyle(column).position === "sticky") column.scrollTop = note.offsetTop - column.offsetTop - 40;
    else if (!mark) note.scrollIntoView({ block: "center" });
  }

  function step(by) {
    const visible = notes.filter((note) => !note.hidden && !note.closest(".document")?.hidden);
    if (!visible.length) return;
    const here = visible.indexOf(current);
    reach(visible[here < 0 ? (by > 0 ? 0 : visible.length - 1) : (here + by + visible.length) % visible.length]);
  }

  form.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(Number(button.dataset.step));
  });
  document.addEventListener("click", (event) => {
    const mark = event.target.closest("mark[data-note], sup[data-note]");
    if (!mark || mark.classList.contains("off") || !getSelection().isCollapsed) return;
    const note = document.getElementById(mark.dataset.note);
    event.preventDefault();
    settle(note);
    note.focus({ preventScroll: true });
    note.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("focusin", (event) => {
    const note = event.target.closest(".note");
    if (note) settle(note);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.closest(".note") || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    }
  });
  form.hidden = false;
  filter();
})();
