import { head, header } from './page.ts';

/** `/docs`: the shell that Scalar's API reference fills; its settings are in `docs/site/interactive.js`. */
export function interactivePage(): string {
  return `${head('Try it · Switchboard', 'Every HTTP operation of Switchboard, with a form that calls it.')}
<body class="interactive">
${header('/docs')}
<noscript><p class="system">This page needs JavaScript. The <a href="/reference">reference</a> does not.</p></noscript>
<div id="reference"></div>
<script src="/assets/scalar.js"></script>
<script src="/interactive.js"></script>
</body>
</html>
`;
}
