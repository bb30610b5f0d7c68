const adverbs = /^(?:never|always|only|still|also|already|again|soon|neither|both|first|at once|no longer|no more)\s+/i;

const auxiliaries = /^(?:is|has|does|can|cannot|may|must|will|would)\b/;

const noVerbs =
  /^(?:was|its|this|thus|as|us|yes|perhaps|besides|whereas|towards|sometimes|always|whose|words|functions|sockets|messages|users|members|clients|devices|conversations|tenants|events|files|keys|rights|others|those|ours|theirs|alias|status)$/;

const placeholder = /^["“'‘(`]*(?:%[a-zA-Z#%]|\$[\w.]+|x{4,})[\s…"”'’)`:,]*/;

/** Expects the third person. */
export function startsWithVerb(name: string): boolean {
  let rest = name.trim();
  while (placeholder.test(rest)) rest = rest.replace(placeholder, '');
  if (rest === '') return true;
  rest = rest.replace(adverbs, '');
  const [first = '', ...others] = rest.split(/[\s,]+/);
  if (others.length === 0) return false;
  return auxiliaries.test(first) || (/^[a-z-]+[a-rt-z]s$/.test(first) && !noVerbs.test(first));
}
