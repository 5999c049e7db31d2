// While the server reads calls: moves the progress bar, and now and then fetches what has become of the figures.
const EVERY_MS = 4_000;
let shownAt = Date.now();
let showing = Promise.resolve();

follow();

function follow() {
  const url = document.querySelector('[data-events]')?.dataset.events;
  if (!url) return;
  const source = new EventSource(url);
  source.addEventListener('progress', ({ data }) => {
    const { read, total } = JSON.parse(data);
    const bar = document.getElementById('progress');
    if (bar) Object.assign(bar, { max: total, value: read });
    document.getElementById('read')?.replaceChildren(String(read));
    if (Date.now() - shownAt > EVERY_MS && !document.hidden) show();
  });
  source.addEventListener('end', async () => {
    source.close();
    await show();
    follow();
  });
}

function show() {
  shownAt = Date.now();
  showing = showing.then(replaceResults);
  return showing;
}

/** Puts the page's new results in the place of the old ones. What is open stays open, what has the focus keeps it. */
async function replaceResults() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = page.getElementById('results');
    // An error page, or the sign-in: let the visitor see it.
    if (!next) return location.reload();
    const now = document.getElementById('results');
    for (const { id } of now.querySelectorAll('details[open]')) {
      next.querySelector(`#${id}`)?.setAttribute('open', '');
    }
    const focused = now.contains(document.activeElement) && document.activeElement.id;
    now.replaceWith(next);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    const isDone = !document.getElementById('progress-button');
    if (isDone) document.getElementById('said').textContent = 'All days are read.';
  } catch {
    // No network, or the server is starting again: the next event finds it.
  }
}

// Some browsers do not print what is closed.
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('.figures details')) details.open = true;
});
