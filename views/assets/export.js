// Downloads the CSV while it says how far it is. Without this script the link is an ordinary one, which leads to the file
// or to the page that says why there is none.
const link = document.getElementById('download');
const cancel = document.getElementById('cancel');
const progress = document.getElementById('progress');
const bar = progress.querySelector('progress');
const soFar = document.getElementById('so-far');
const said = document.getElementById('said');
const expected = Number(link.dataset.count) || undefined;
const offer = link.textContent;
const number = (value) => value.toLocaleString('en-US');

link.addEventListener('click', async (event) => {
  event.preventDefault();
  const leaving = new AbortController();
  cancel.onclick = () => leaving.abort();
  show(true);
  link.textContent = offer;
  say('Reading the calls from Twilio.');
  try {
    const file = await download(leaving.signal);
    save(file.parts);
    say(
      `Done: ${number(file.calls)} ${file.calls === 1 ? 'call' : 'calls'} in ${link.dataset.file}`,
    );
  } catch (error) {
    const problem = error.name === 'Refusal' ? error.message : 'The download broke off.';
    const words = leaving.signal.aborted ? 'Cancelled.' : problem;
    say(`${words} Nothing was saved.`, !leaving.signal.aborted);
    link.textContent = 'Try again';
  }
  show(false);
  link.focus();
});

/** Everything that came, and how many calls it holds. Throws if the connection breaks off before the end. */
async function download(signal) {
  const answer = await fetch(link.href, { signal });
  if (!answer.headers.get('content-type')?.startsWith('text/csv')) throw await refusal(answer);
  const parts = [];
  const counter = lineCounter();
  const reader = answer.body.getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    // A choice: as blobs, so that the browser holds the file, once and outside the page, until all of it is there.
    parts.push(new Blob([value]));
    showCount(counter.count(value) - 1);
  }
  return { parts, calls: counter.count([]) - 1 };
}

/** Counts line ends in bytes of CSV, but not those within quotes. */
function lineCounter() {
  const [quote, lineEnd] = [34, 10];
  let lines = 0;
  let isQuoted = false;
  return {
    count(bytes) {
      for (const byte of bytes) {
        if (byte === quote) isQuoted = !isQuoted;
        else if (byte === lineEnd && !isQuoted) lines++;
      }
      return lines;
    },
  };
}

/** The words of the page that came in the file's place. */
async function refusal(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const text = (selector) => page.querySelector(selector)?.textContent.trim() ?? '';
  // To sign in, or to connect an account.
  const message = answer.redirected
    ? 'You are signed out, or the account is no longer connected. Load this page again.'
    : `${text('h1')}. ${text('.lead')}`;
  const error = new Error(message);
  return Object.assign(error, { name: 'Refusal' });
}

function save(parts) {
  const file = document.createElement('a');
  file.href = URL.createObjectURL(new Blob(parts, { type: 'text/csv' }));
  file.download = link.dataset.file;
  file.click();
  setTimeout(() => URL.revokeObjectURL(file.href), 60_000);
}

function show(isRunning) {
  link.hidden = isRunning;
  cancel.hidden = !isRunning;
  progress.hidden = !isRunning;
  if (isRunning) cancel.focus();
  if (isRunning) showCount(0);
}

function showCount(count) {
  const isWithin = expected !== undefined && count <= expected;
  if (isWithin) Object.assign(bar, { max: expected, value: count });
  else bar.removeAttribute('value');
  soFar.textContent = isWithin
    ? `${number(count)} of ${link.dataset.expected}`
    : `${number(count)} calls so far`;
}

function say(words, isProblem = false) {
  said.textContent = words;
  said.className = isProblem ? 'problem' : '';
}
