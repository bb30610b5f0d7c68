/**
 * The inspector's script: renews the page's main part every two seconds without moving the reader's place, opened
 * details and focus; leaves it alone while somebody types or has chosen to keep it still.
 */
export const pageScript = `
const main = document.querySelector('main');
const live = document.querySelector('#live');
live.checked = sessionStorage.getItem('live') !== 'no';
live.addEventListener('change', () => sessionStorage.setItem('live', live.checked ? 'yes' : 'no'));
const isTyping = () => main.contains(document.activeElement) && document.activeElement.matches('input, select');
async function renew() {
  if (!live.checked || document.hidden || isTyping()) return;
  const response = await fetch(location.href, { headers: { 'x-inspector-part': 'main' } });
  if (!response.ok || isTyping()) return;
  const text = await response.text();
  if (text === renew.last) return;
  renew.last = text;
  const open = new Set([...main.querySelectorAll('details[open]')].map((one) => one.id));
  const focused = document.activeElement?.id;
  main.innerHTML = text;
  for (const one of main.querySelectorAll('details')) one.open = open.has(one.id);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}
setInterval(() => renew().catch(() => undefined), 2000);
`;
