// Sends the new password with the token of the link. The token is taken out of the address at once, so that it stays in
// no history and reaches no other page.
const token = new URLSearchParams(globalThis.location.hash.slice(1)).get('token') ?? '';
globalThis.history.replaceState(null, '', globalThis.location.pathname);

const form = document.getElementById('reset');
const outcome = document.getElementById('outcome');
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
  const { password, repeated } = form.elements;
  if (password.value !== repeated.value) {
    say('The two passwords differ.');
    repeated.focus();
    return;
  }
  button.disabled = true;
  say('Setting the password…');
  try {
    const answer = await fetch('/api/v1/auth/reset-password', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, newPassword: password.value }),
    });
    if (answer.status === 204) {
      form.replaceChildren(outcome);
      say('The password is set. All sessions of the account have ended: log in again.');
      return;
    }
    const problem = await answer.json();
    const reasons = (problem.errors ?? []).map((error) => error.detail);
    say([problem.title, ...(reasons.length > 0 ? reasons : [problem.detail])].join('. '));
    button.disabled = problem.code === 'INVALID_TOKEN';
  } catch {
    say('There is no connection. Try again.');
    button.disabled = false;
  }
});
