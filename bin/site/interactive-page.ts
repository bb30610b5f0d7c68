import { head, header } from './page.ts';

/** `/docs`: Scalar's API reference, set up in `docs/site/interactive.js`. */
export function interactivePage(): string {
  return `${head('Try it · Switchboard', 'All HTTP operations of Switchboard, each with a form to call it.')}
<body class="interactive">
${header('/docs')}
<noscript><p class="system">This page needs JavaScript. The <a href="/reference">reference</a> works without it.</p></noscript>
<div id="reference"></div>
<script src="/assets/scalar.js"></script>
<script src="/interactive.js"></script>
</body>
</html>
`;
}
