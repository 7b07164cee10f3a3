const RETRY_MS = 1_000;
const CUT_MS = 3_000;
const byId = (id) => document.getElementById(id);

let user = "";
let token = "";
let socket = null;
/** Where we stopped: the last number we saw, in the series that the server named. */
let lastSeq = 0;
let channel = null;
let retryMs = RETRY_MS;
const tally = { seen: 0, missing: 0, twice: 0 };

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return await response.json();
}

async function signIn(name) {
  ({ token } = await post("/sign-in", { user: name }));
  user = name;
}

/** Asks for what came after the last event that we have: for all that is kept, the first time. */
function connect() {
  const url = new URL("/events", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("after", lastSeq);
  if (channel !== null) url.searchParams.set("channel", channel);
  let isOpen = false;
  retryMs = RETRY_MS;
  socket = new WebSocket(url, ["baton.events", `baton.token.${token}`]);
  socket.onopen = () => isOpen = true;
  socket.onmessage = ({ data }) => take(JSON.parse(data));
  socket.onclose = () => {
    if (isOpen) mark(`Connection lost after event ${lastSeq}`);
    showState("lost", "No connection: trying again");
    setTimeout(() => reconnect(isOpen), retryMs);
  };
}

async function reconnect(wasOpen) {
  try {
    // A browser does not say why it got no connection: perhaps the app was started again.
    if (!wasOpen) await signIn(user);
    connect();
  } catch {
    setTimeout(() => reconnect(false), RETRY_MS);
  }
}

function take(message) {
  switch (message.type) {
    case "hello":
      return greet(message);
    case "lagged":
      lastSeq = message.to;
      return mark(`Events ${message.from} to ${message.to} are not kept any more`);
    default:
      count(message.seq);
      return tell(message);
  }
}

function greet({ after, channel: named, resumed }) {
  if (channel === null) note("Connected");
  else if (resumed) mark(`Connected again: going on after event ${after}`);
  else mark("Connected to an app that was started again: the numbers begin anew");
  showState("connected", `Signed in as ${user}`);
  channel = named;
  lastSeq = after;
}

/** Numbers have no gap: were one missing or there twice, one would see it here. */
function count(seq) {
  tally.seen++;
  if (seq <= lastSeq) tally.twice++;
  else tally.missing += seq - lastSeq - 1;
  lastSeq = seq;
  byId("tally").textContent = `${tally.seen} seen, ${tally.missing} missing, ${tally.twice} twice`;
}

/** Adds an event to the card of its run. */
function tell(event) {
  const { seq, type, run_id, agent_name, timestamp, data } = event;
  const card = byId(run_id) ?? newCard(run_id);
  const time = document.createElement("time");
  time.dateTime = timestamp;
  time.textContent = timeOf(new Date(timestamp));
  const line = document.createElement("li");
  line.dataset.type = type;
  line.append(span(seq), time, span(agent_name ?? "workflow"), span(type), span(textOf(event)));
  card.querySelector(".events").append(line);

  if (typeof data.percentage === "number") card.querySelector("progress").value = data.percentage;
  if (type === "progress_update" && data.current_step) {
    showStep(card, data.current_step, data.status);
  }
  if (agent_name !== null && type === "agent_started") showStep(card, agent_name, "running");
  const { report } = data.result?.result ?? {};
  if (report) card.querySelector(".report").textContent = report;
  if (agent_name !== null) return;
  if (type === "agent_started") showRun(card, "running");
  if (type === "agent_completed") showRun(card, data.status);
  if (type === "agent_death") showRun(card, "stopped");
}

function textOf({ type, data }) {
  // An agent that is asked again may have done part of it before.
  const times = data.context?.context?.attempt;
  switch (type) {
    case "agent_started":
      if (data.context?.resumed) return "Goes on at the step where it stopped";
      return times > 1 ? `${data.message}, attempt ${times}` : data.message;
    case "agent_thinking":
      return data.reasoning;
    case "agent_error":
      return data.error_message;
    case "progress_update":
      return `${data.current_step ?? "plan"}: ${data.status}`;
    default:
      return data.message ?? "";
  }
}

function newCard(runId) {
  const card = byId("run").content.cloneNode(true).firstElementChild;
  const name = `Run ${runId.slice(4, 12)}`;
  card.id = runId;
  card.setAttribute("aria-label", name);
  card.querySelector("h2").textContent = name;
  card.querySelector("progress").setAttribute("aria-label", `Progress of ${name}`);
  const cancel = card.querySelector(".cancel");
  cancel.setAttribute("aria-label", `Cancel ${name}`);
  cancel.onclick = () => attempt("start-problem", () => post("/cancel", { run_id: runId }));
  byId("runs").prepend(card);
  return card;
}

function showRun(card, status) {
  const shown = card.querySelector(".status");
  shown.textContent = shown.dataset.is = status;
  const isRunning = status === "running";
  const cancel = card.querySelector(".cancel");
  if (!isRunning && cancel === document.activeElement) card.focus(); // who uses keys stays here
  cancel.hidden = !isRunning;
  card.classList.toggle("running", isRunning);
  const report = card.querySelector(".report").textContent;
  byId("news").textContent = `${card.ariaLabel}: ${status}. ${isRunning ? "" : report}`;
}

function showStep(card, name, status) {
  const step = card.querySelector(`[data-step="${CSS.escape(name)}"]`);
  if (step === null) return;
  step.dataset.is = status;
  step.querySelector("span").textContent = status;
  // What ended in a process before this one, nobody tells again.
  const before = step.previousElementSibling;
  if (before !== null && !before.dataset.is) showStep(card, before.dataset.step, "ended before");
}

/** Texts of events come from users and agents: they are shown as text, never as HTML. */
function span(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element;
}

function timeOf(date) {
  const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  return date.toLocaleTimeString([], { ...parts, fractionalSecondDigits: 1 });
}

function showState(is, text) {
  byId("state").dataset.is = is;
  byId("state").textContent = text;
}

function note(text) {
  const line = document.createElement("li");
  line.textContent = `${timeOf(new Date())}  ${text}`;
  byId("notes").prepend(line);
}

/** Notes it, and between the events of the runs that go on as well. */
function mark(text) {
  note(text);
  for (const events of document.querySelectorAll(".running .events")) {
    const line = document.createElement("li");
    line.className = "mark";
    line.textContent = text;
    events.append(line);
  }
}

/** Does something, and shows why it failed if it does. */
async function attempt(problemId, action) {
  byId(problemId).textContent = "";
  try {
    await action();
  } catch (error) {
    byId(problemId).textContent = error.message;
  }
}

function enter(name) {
  return attempt("sign-in-problem", async () => {
    await signIn(name);
    history.replaceState(null, "", `#${encodeURIComponent(name)}`);
    document.title = `${name}: a workflow, live`;
    byId("sign-in").hidden = true;
    byId("start").hidden = byId("sign-out").hidden = false;
    byId("text").focus();
    showState("connecting", "Connecting");
    connect();
  });
}

byId("sign-in").querySelector("form").onsubmit = (event) => {
  event.preventDefault();
  enter(byId("user").value.trim());
};

byId("start").querySelector("form").onsubmit = (event) => {
  event.preventDefault();
  attempt("start-problem", () => post("/runs", { text: byId("text").value }));
};

byId("cut").onclick = () => {
  retryMs = CUT_MS;
  socket.close();
};

byId("sign-out").onclick = () => location.hash = "";
addEventListener("hashchange", () => location.reload());

// "#ada" signs in as ada at once.
if (location.hash.length > 1) enter(decodeURIComponent(location.hash.slice(1)));
else byId("user").focus();
