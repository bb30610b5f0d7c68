// Sends the password with the token of the link. The token is taken out of the address at once, so that it stays in no
// history and reaches no other page.
const token = new URLSearchParams(globalThis.location.hash.slice(1)).get('token') ?? '';
globalThis.history.replaceState(null, '', globalThis.location.pathname);

const form = document.getElementById('verify');
const outcome = document.getElementById('outcome');
const naming = document.getElementById('naming');
const button = form.querySelector('button');

function say(text) {
  outcome.textContent = text;
}

if (token === '') {
  say('The link is not complete. Open it from the mail again, or ask for a new mail.');
  button.disabled = true;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { password, username } = form.elements;
  button.disabled = true;
  say('Confirming the address…');
  try {
    const answer = await fetch('/api/v1/auth/verify-email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        token,
        password: password.value,
        ...(naming.hidden ? {} : { username: username.value }),
      }),
    });
    const body = await answer.json();
    if (answer.status === 200) {
      form.replaceChildren(outcome);
      say(
        body.user.status === 'pending'
          ? 'The address is confirmed. An administrator has to approve the account before you can log in.'
          : 'The address is confirmed. You can log in.',
      );
      return;
    }
    if (body.code === 'USERNAME_TAKEN') naming.hidden = false;
    const reasons = (body.errors ?? []).map((error) => error.detail);
    say([body.title, ...(reasons.length > 0 ? reasons : [body.detail])].join('. '));
    button.disabled = body.code === 'INVALID_TOKEN';
  } catch {
    say('There is no connection. Try again.');
    button.disabled = false;
  }
});
