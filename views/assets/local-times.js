// Shows each time in the visitor's own time zone, and in UTC when pointed at. Without scripts the page keeps UTC and says so.
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
const day = { year: 'numeric', month: '2-digit', day: '2-digit' };
const minute = { ...day, hour: '2-digit', minute: '2-digit' };
// Swedish writes dates and times in the order of ISO 8601, as the server does, so columns stay as wide as they are.
const toMinute = new Intl.DateTimeFormat('sv-SE', minute);
const toSecond = new Intl.DateTimeFormat('sv-SE', { ...minute, second: '2-digit' });

if (timeZone !== 'UTC') {
  for (const time of document.querySelectorAll('time[datetime]')) {
    const utc = time.textContent.replace(/ UTC$/, '');
    const format = /:\d\d:\d\d$/.test(utc) ? toSecond : toMinute;
    time.title = `${utc} UTC`;
    time.textContent = format.format(new Date(time.dateTime));
  }
  for (const note of document.querySelectorAll('[data-time-zone]')) {
    note.textContent = `Times are in your time zone (${timeZone}); point at one for UTC.`;
  }
}
