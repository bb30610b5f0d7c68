// The form of a page that a mailed link opens. The script first removes the token from the address, so that it neither
// stays in the history nor reaches another page.
const token = new URLSearchParams(globalThis.location.hash.slice(1)).get('token') ?? '';
globalThis.history.replaceState(null, '', globalThis.location.pathname);

const form = document.querySelector('form');
const outcome = document.getElementById('outcome');
const button = form.querySelector('button');

export function say(text) {
  outcome.textContent = text;
}

/**
 * Posts the token and the form's values when the form is submitted.
 * @param options.path The path of the API operation, or a function that returns it for the token.
 * @param options.progress Shown until the API answers.
 * @param options.values Returns the members to send with the token, or undefined if there is nothing to send yet.
 * @param options.success Returns the text that replaces the form. Its argument is the API's response.
 * @param options.rejected Called with the API's problem, which the page also shows.
 */
export function postOnSubmit({ path, progress, values, success, rejected = () => {} }) {
  if (token === '') {
    say('The link is incomplete. Open it from the mail again, or request a new mail.');
    button.disabled = true;
  }
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const entered = values(form.elements);
    if (entered === undefined) return;
    button.disabled = true;
    say(progress);
    try {
      const response = await fetch(typeof path === 'function' ? path(token) : path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, ...entered }),
      });
      if (response.ok) {
        const text = await success(response);
        form.replaceChildren(outcome);
        say(text);
        return;
      }
      const problem = await response.json();
      if (problem.code === 'INVALID_TOKEN') {
        say('The link has expired or was already used. Request a new mail.');
        return;
      }
      rejected(problem);
      const reasons = (problem.errors ?? []).map((error) => error.detail);
      say([problem.title, ...(reasons.length > 0 ? reasons : [problem.detail])].join('. '));
      button.disabled = false;
    } catch {
      say('The server is unreachable. Try again.');
      button.disabled = false;
    }
  });
}
