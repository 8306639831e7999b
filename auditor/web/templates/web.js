// Progress, dropping, and asking again without choosing the files again. Without it the forms are
// sent as they are, and the answer is a page or a file.
(() => {
  "use strict";
  let kept = null; // the files and wishes of the last check, in this page and nowhere else

  const joined = (own) => {
    if (!kept) return own;
    const all = new FormData();
    const named = new Set(own.keys());
    for (const [name, value] of kept) if (!named.has(name)) all.append(name, value);
    for (const [name, value] of own) all.append(name, value);
    return all;
  };

  const tell = (form, code, values = {}, working = false) => {
    const state = form.querySelector(".state") || document.querySelector(".state");
    if (!state) return;
    let text = code ? state.dataset[code] : "";
    for (const [name, value] of Object.entries(values)) text = text.replace(`#${name}`, value);
    state.textContent = text;
    if (!working) return;
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", text);
    if (values.total > 1) Object.assign(bar, { max: values.total, value: values.done });
    state.append(bar);
  };

  const refuse = (form, text) => {
    tell(form, "");
    let place = document.querySelector(".problem");
    if (!place) {
      place = document.createElement("div");
      place.className = "problem";
      place.setAttribute("role", "alert");
      form.prepend(place);
    }
    const said = document.createElement("p");
    said.textContent = text;
    place.replaceChildren(said);
    place.scrollIntoView({ block: "nearest" });
  };

  const show = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    // What is for pages without scripts is parsed as if this were one.
    for (const each of page.querySelectorAll("noscript")) each.remove();
    document.documentElement.lang = page.documentElement.lang;
    document.title = page.title;
    document.body.replaceChildren(...page.body.childNodes);
    history.replaceState(null, "", location.pathname + location.search);
    const comfort = document.createElement("script");
    comfort.src = "static/page.js";
    document.body.append(comfort);
    document.getElementById("main").focus({ preventScroll: true });
    scrollTo(0, 0);
  };

  const save = async (form, response) => {
    const named = /filename="([^"]*)"/.exec(response.headers.get("content-disposition") || "");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = named ? named[1] : "audit";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    tell(form, "saved", { name: link.download });
  };

  // Lines of JSON: how far it is, and at last the page.
  const follow = async (form, response) => {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ""; ; ) {
      const { value, done } = await reader.read();
      text += value || "";
      const lines = text.split("\n");
      text = lines.pop();
      for (const line of lines) {
        const said = JSON.parse(line);
        if (said.page) return said.page;
        if (said.detail) return void refuse(form, said.detail);
        tell(form, "reading", said, true);
      }
      if (done) throw new Error("cut off");
    }
  };

  const send = async (form, submitter) => {
    const own = new FormData(form, submitter);
    const asked = joined(own);
    const format = own.get("format") || "page";
    const buttons = document.querySelectorAll("button");
    for (const each of buttons) each.disabled = true;
    tell(form, "sending", {}, true);
    try {
      const accept = format === "page" ? "application/jsonl" : "*/*";
      const response = await fetch("./", { method: "POST", body: asked, headers: { accept } });
      const type = response.headers.get("content-type") || "";
      if (!response.ok) {
        const known = type.startsWith("application/problem+json");
        refuse(form, known ? (await response.json()).detail : `${response.status} ${response.statusText}`);
        return;
      }
      if (format !== "page") {
        await save(form, response);
        return;
      }
      const page = await follow(form, response);
      if (!page) return;
      kept = asked;
      kept.delete("format");
      show(page);
    } catch {
      tell(form, "lost");
    } finally {
      for (const each of buttons) each.disabled = false;
    }
  };

  document.addEventListener("submit", (event) => {
    if (event.target.matches("form.filters")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });

  // A file that is dropped anywhere goes where it was dropped, or to the documents.
  const place = (event) =>
    event.target.closest?.(".drop") || document.querySelector(".drop[data-into='document']");
  const mark = (over) => {
    for (const each of document.querySelectorAll(".drop")) each.classList.toggle("over", each === over);
  };
  document.addEventListener("dragover", (event) => {
    if (!place(event)) return;
    event.preventDefault();
    mark(place(event));
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || mark(null));
  document.addEventListener("drop", (event) => {
    const into = place(event);
    mark(null);
    if (!into) return;
    event.preventDefault();
    const input = into.querySelector("input");
    const all = new DataTransfer();
    for (const file of [...input.files, ...event.dataTransfer.files]) all.items.add(file);
    input.files = all.files;
  });
})();
