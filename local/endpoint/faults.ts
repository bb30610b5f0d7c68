import type { Fault } from '../fault-plan.ts';
import type { ServiceError } from '../services/responses.ts';
import { ServiceError as Refusal } from '../services/responses.ts';
import type { ServiceProtocol } from './protocols.ts';

/** Undefined if the fault answers no error. */
export function refusalOf(fault: Fault | undefined, protocol: ServiceProtocol): ServiceError | undefined {
  switch (fault?.kind) {
    case 'throttle':
      return new Refusal(protocol.throttling.code, 'Rate exceeded (fault plan)', protocol.throttling.status);
    case 'status':
      return new Refusal(fault.code, `${fault.code} (fault plan)`, fault.status);
    default:
      return undefined;
  }
}

export function hold(fault: Fault | undefined): Promise<void> | undefined {
  switch (fault?.kind) {
    case 'delay':
      return new Promise((resume) => setTimeout(resume, fault.ms));
    case 'wait':
      return fault.until;
    default:
      return undefined;
  }
}
