// A "Copy" button beside each command of "What just happened". Without scripts the command is text to select.
// Browsers let pages write to the clipboard on https and on localhost only.
if (navigator.clipboard) {
  for (const command of document.querySelectorAll('.what-happened .command')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = 'Copy as curl';
    button.setAttribute('aria-live', 'polite');
    button.addEventListener('click', async () => {
      const copying = navigator.clipboard.writeText(command.textContent);
      button.textContent = await copying.then(
        () => 'Copied',
        () => 'Not allowed here: select it',
      );
      setTimeout(() => {
        button.textContent = 'Copy as curl';
      }, 2000);
    });
    command.after(button);
  }
}
