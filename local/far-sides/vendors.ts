import type { FarSides } from './far-sides.ts';
import { Jira } from './jira.ts';
import { ServiceNow } from './service-now.ts';
import type { VendorOptions } from './vendor.ts';

/** Systems with tickets that a function can call below the domain of the far sides. */
export interface Vendors {
  readonly serviceNow: ServiceNow;
  readonly jira: Jira;
}

export function addVendors(farSides: FarSides, options: VendorOptions): Vendors {
  const serviceNow = new ServiceNow(options);
  const jira = new Jira(options);
  farSides.behave(`service-now.${farSides.domain}`, (request) => serviceNow.answer(request));
  farSides.behave(`jira.${farSides.domain}`, (request) => jira.answer(request));
  return { serviceNow, jira };
}
