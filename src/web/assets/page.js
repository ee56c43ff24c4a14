// What the page does more with a script: everything works without. No library, no request but to this server.

const say = document.body.dataset;
const minute = 60_000;

// ---- Buttons: one press is one request; a press that did not get through says so and can be repeated ----------------

function line_after(button, words, kind, role) {
  button.form.querySelector(`.${kind}`)?.remove();
  if (!words) return;
  const line = document.createElement("p");
  line.className = kind;
  line.setAttribute("role", role);
  button.after(line);
  line.textContent = words;
}

function rest(button) {
  button.removeAttribute("aria-busy");
  button.removeAttribute("aria-disabled");
  line_after(button, "", "waits");
  delete button.form.dataset.sent;
}

async function send(form, button) {
  const fields = new URLSearchParams(new FormData(form, button));
  const limit = AbortSignal.timeout ? AbortSignal.timeout(20_000) : undefined;
  const answer = await fetch(form.action, { method: "POST", body: fields, signal: limit });
  if (answer.status >= 500) throw new Error(String(answer.status));
  return answer;
}

async function submitted(event) {
  const form = event.target;
  if (form.method !== "post") return;
  const button = event.submitter ?? form.querySelector("button");
  event.preventDefault();
  if (form.dataset.sent || button.getAttribute("aria-disabled")) return;
  form.dataset.sent = "yes";
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  line_after(button, "", "went-wrong");
  line_after(button, say.busy, "waits", "status");
  try {
    const answer = await send(form, button);
    if ("stays" in form.dataset) {
      await stay_open(answer);
      rest(button);
    } else {
      // The way back leads to where the answer is shown, and never sends again.
      const there = answer.ok && answer.redirected ? answer.url : location.href;
      if (there.split("#")[0] === location.href.split("#")[0]) location.reload();
      else location.assign(there);
    }
  } catch {
    rest(button);
    line_after(button, say.failed, "went-wrong", "alert");
  }
}
document.addEventListener("submit", submitted);

// A page that the browser kept and shows again is asked for anew: the purchase may have gone on since.
addEventListener("pageshow", (event) => event.persisted && location.reload());

document.getElementById("faults")?.focus();

// ---- Time: a line at five minutes, a question at two, the closed page at none; no clock that ticks ----------------------

const banner = document.getElementById("time-banner");
const dialog = document.getElementById("time-dialog");
let closes_at = Date.now() + Number(say.closesIn) * 1000;

function look_at_the_clock() {
  const left = closes_at - Date.now();
  if (left <= 0) return location.reload();
  banner.textContent = left <= 5 * minute ? banner.dataset.text : "";
  if (left <= 2 * minute && !dialog.open && !dialog.dataset.seen) {
    dialog.dataset.seen = "yes";
    dialog.showModal();
  }
}

/// Takes over the new time out of the page that answered; what was typed here stays.
async function stay_open(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.body.dataset.closesIn) return location.reload();
  closes_at = Date.now() + Number(page.body.dataset.closesIn) * 1000;
  banner.dataset.text = page.getElementById("time-banner").dataset.text;
  dialog.querySelector("p").textContent = banner.dataset.text;
  document.querySelector("footer .until").textContent = page.querySelector("footer .until").textContent;
  delete dialog.dataset.seen;
  banner.textContent = "";
  dialog.close();
}

if (say.closesIn) {
  setInterval(look_at_the_clock, 5000);
  // Timers rest while a tab or the machine sleeps.
  document.addEventListener("visibilitychange", look_at_the_clock);
  addEventListener("focus", look_at_the_clock);
}

// ---- Copy buttons --------------------------------------------------------------------------------------------------------

function copy_button(value, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = words.copy;
  button.setAttribute("aria-label", `${words.copy}: ${value.dataset.label}`);
  const told = document.createElement("span");
  told.className = "unseen";
  told.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    let went = "copied";
    try {
      await navigator.clipboard.writeText(value.dataset.value);
    } catch {
      went = "failed";
    }
    const word = went === "copied" ? words.copied : words.copyFailed;
    button.className = `copy ${went}`;
    button.textContent = told.textContent = word;
    setTimeout(() => {
      button.className = "copy";
      button.textContent = words.copy;
      told.textContent = "";
    }, 3000);
  });
  value.after(button, told);
}
for (const value of document.querySelectorAll("[data-value]"))
  copy_button(value, value.closest("[data-copy]").dataset);

// ---- A new code: not before its time -----------------------------------------------------------------------------------

const wait = document.querySelector("[data-wait]");
if (wait) {
  const again = document.getElementById("again");
  again.setAttribute("aria-disabled", "true");
  setTimeout(() => {
    again.removeAttribute("aria-disabled");
    again.removeAttribute("aria-describedby");
    wait.remove();
  }, Number(wait.dataset.wait) * 1000);
}

// ---- Back to the shop, unless the buyer stays -----------------------------------------------------------------------------

const going = document.getElementById("return");
if (going) {
  const timer = setTimeout(() => location.assign(going.dataset.return), 10_000);
  going.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    going.setAttribute("role", "status");
    going.textContent = going.dataset.stayed;
  });
}
