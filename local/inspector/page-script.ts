/** Refreshes every two seconds, except while a user types. */
export const pageScript = `
const main = document.querySelector('main');
const live = document.querySelector('#live');
live.checked = sessionStorage.getItem('live') !== 'no';
live.addEventListener('change', () => sessionStorage.setItem('live', live.checked ? 'yes' : 'no'));
const isTyping = () => main.contains(document.activeElement) && document.activeElement.matches('input, select');
async function refresh() {
  if (!live.checked || document.hidden || isTyping()) return;
  const response = await fetch(location.href, { headers: { 'x-inspector-part': 'main' } });
  if (!response.ok || isTyping()) return;
  const text = await response.text();
  if (text === refresh.last) return;
  refresh.last = text;
  const open = new Set([...main.querySelectorAll('details[open]')].map((details) => details.id));
  const focused = document.activeElement?.id;
  main.innerHTML = text;
  for (const details of main.querySelectorAll('details')) details.open = open.has(details.id);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}
setInterval(() => refresh().catch(() => undefined), 2000);
`;
