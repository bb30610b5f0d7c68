import type { Assembly, AwsCall, Recorder, ServiceResponse } from '../contract.ts';
import type { Fault, FaultPlan } from '../fault-plan.ts';
import type { AccessControl } from '../iam/access-control.ts';
import type { CallAccess } from '../iam/aws-call.ts';
import { signingTime } from '../iam/rest-access.ts';
import { errorResponse, ServiceError } from '../services/responses.ts';
import type { RunClock } from '../run-clock.ts';
import type { Services } from '../services/start-services.ts';
import { hold, refusalOf } from './faults.ts';
import type { Identities, Signer } from './identities.ts';
import type { ParsedCall } from './parsed-call.ts';
import { incompleteSignature, missingSignature, verifySignature } from './signatures.ts';
import type { SigningKeys } from './signing-keys.ts';

interface RunnerOptions {
  readonly assembly: Assembly;
  readonly recorder: Recorder;
  readonly faults: FaultPlan;
  readonly identities: Identities;
  readonly clock: RunClock;
  readonly keys: SigningKeys;
  readonly control: AccessControl;
  readonly services: Services;
}

export class CallRunner {
  readonly #options: RunnerOptions;
  readonly #logicalNames: ReadonlyMap<string, string>;
  #lastId = 0;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#logicalNames = new Map(
      options.assembly
        .ofType('AWS::Lambda::Function')
        .map((resource) => [resource.physicalId, `${resource.stack}/${resource.logicalId}`]),
    );
  }

  /** Undefined if the answer is lost: the connection must break. */
  async run(call: ParsedCall): Promise<ServiceResponse | undefined> {
    const startedAt = performance.now();
    const id = (this.#lastId += 1);
    const signer = this.#options.identities.find(accessKeyIdOf(call));
    let fault: Fault | undefined;
    let resource = '';
    let denial: string | undefined;
    let response: ServiceResponse;
    try {
      this.#authenticate(call, signer);
      const access = this.#options.services.accessOf(call.service, call.request);
      resource = access.resource;
      this.#authorise(call, signer, access);
      fault = this.#faultOf(id, call, signer, resource);
      response = await this.#serve(call, signer, fault);
    } catch (error) {
      if (error instanceof Denial) denial = error.message;
      response = this.#answerTo(error, call);
    }
    const isLost = fault?.kind === 'kill-before' || fault?.kind === 'kill-after' || fault?.kind === 'lose-reply';
    this.#record(id, call, signer, { startedAt, resource, response, fault, denial });
    return isLost ? undefined : response;
  }

  #authenticate(call: ParsedCall, signer: Signer): void {
    const { signature, protocol, request, rawPath } = call;
    if (signature === 'incomplete') throw incompleteSignature(protocol);
    if (signature === undefined) {
      // S3 verifies a form's policy itself. A preflight request has no credentials.
      if (call.service === 's3' && unsignedOperations.has(request.operation)) return;
      throw missingSignature(protocol);
    }
    const isJson = protocol.protocol.startsWith('json');
    const invalid = (): ServiceError => {
      const code = isJson ? 'UnrecognizedClientException' : 'InvalidClientTokenId';
      return new ServiceError(code, 'The security token included in the request is invalid.', 403);
    };
    if (signer.kind === 'unknown') throw invalid();
    const { keys, assembly, identities, clock } = this.#options;
    const signed = { ...request, rawPath };
    const now = signature.location === 'query' ? clock.now() : clock.nearest(signingTime(signature.signedAt));
    verifySignature(signed, signature, { keys, region: assembly.region, protocol, now });
    const token = identities.sessionToken(signature.scope.accessKeyId);
    const given = request.headers['x-amz-security-token'] ?? request.query.get('X-Amz-Security-Token') ?? undefined;
    if (token !== given) throw invalid();
    if (signer.kind === 'expired') {
      const code = isJson ? 'ExpiredTokenException' : 'ExpiredToken';
      throw new ServiceError(code, 'The security token included in the request is expired', 403);
    }
  }

  #authorise(call: ParsedCall, signer: Signer, access: CallAccess): void {
    if (signer.kind !== 'function') return;
    const { denial } = call.protocol;
    for (const request of access.requests) {
      const { control } = this.#options;
      const decision = request.action.startsWith('sts:')
        ? control.decideOnRole(signer.identity, request)
        : control.decide(signer.identity, request);
      if (decision.allowed) continue;
      const name = signer.caller.functionName;
      const hint = ` (function ${this.#logicalNames.get(name) ?? name}: grant ${request.action} on this resource)`;
      throw new Denial(denial.code, decision.reason + hint, denial.status);
    }
  }

  #faultOf(id: number, call: ParsedCall, signer: Signer, resource: string): Fault | undefined {
    const { faults } = this.#options;
    if (faults.onCall === undefined) return undefined;
    const { service, request } = call;
    const { operation, input } = request;
    const { functionName, invocationId } = namesOf(signer);
    return faults.onCall({
      id,
      functionName,
      service,
      operation,
      resource,
      input,
      ...(invocationId === undefined ? {} : { invocationId }),
    });
  }

  async #serve(call: ParsedCall, signer: Signer, fault: Fault | undefined): Promise<ServiceResponse> {
    const refusal = refusalOf(fault, call.protocol);
    if (refusal !== undefined) throw refusal;
    if (fault?.kind === 'kill-before') {
      this.#kill(signer, `killed before ${call.service}:${call.request.operation}`);
      return lost;
    }
    await hold(fault);
    const service = this.#options.services.byPrefix.get(call.service);
    if (service === undefined) {
      throw new ServiceError('UnknownOperationException', `The local run has no ${call.service}.`, 404);
    }
    const caller = signer.kind === 'function' ? signer.caller : undefined;
    const accessKeyId = accessKeyIdOf(call);
    const response = await service({
      ...call.request,
      caller,
      ...(accessKeyId === undefined ? {} : { accessKeyId }),
      ...(fault?.kind === 'partial-failure' ? { partialFailure: true } : {}),
    });
    if (fault?.kind === 'kill-after') this.#kill(signer, `killed after ${call.service}:${call.request.operation}`);
    return response;
  }

  #kill(signer: Signer, reason: string): void {
    if (signer.kind === 'function') this.#options.identities.kill(signer.environmentKeyId, reason);
  }

  #answerTo(error: unknown, call: ParsedCall): ServiceResponse {
    const refusal =
      error instanceof ServiceError
        ? error
        : new ServiceError('InternalFailure', error instanceof Error ? error.message : String(error), 500);
    const response = { ...errorResponse(call.protocol.protocol, refusal), errorCode: refusal.code };
    if (call.service !== 's3') return response;
    // Without these headers, browsers hide the error.
    const crossOrigin = this.#options.services.crossOriginHeaders(call.request);
    return { ...response, headers: { ...response.headers, ...crossOrigin } };
  }

  #record(
    id: number,
    call: ParsedCall,
    signer: Signer,
    outcome: {
      readonly startedAt: number;
      readonly resource: string;
      readonly response: ServiceResponse;
      readonly fault: Fault | undefined;
      readonly denial: string | undefined;
    },
  ): void {
    const { startedAt, resource, response, fault, denial } = outcome;
    const { functionName, environmentId, invocationId } = namesOf(signer);
    const error = response.status < 400 ? undefined : (response.errorCode ?? errorCodeOf(response));
    const record: AwsCall = {
      id,
      functionName,
      environmentId,
      service: call.service,
      operation: call.request.operation,
      resource,
      startedAt,
      endedAt: performance.now(),
      status: response.status,
      readUnits: response.readUnits ?? 0,
      writeUnits: response.writeUnits ?? 0,
      ...(invocationId === undefined ? {} : { invocationId }),
      ...(error === undefined ? {} : { error }),
      ...(denial === undefined ? {} : { denial }),
      ...(fault === undefined ? {} : { fault: fault.kind }),
    };
    this.#options.recorder.call(record);
  }
}

/** Differs from a service's own error. */
class Denial extends ServiceError {}

const unsignedOperations = new Set(['PostObject', 'Preflight']);

function accessKeyIdOf({ signature }: ParsedCall): string | undefined {
  return typeof signature === 'object' ? signature.scope.accessKeyId : undefined;
}

const lost: ServiceResponse = { status: 0, headers: {}, body: '' };

function namesOf(signer: Signer): { functionName: string; environmentId: string; invocationId?: string | undefined } {
  if (signer.kind === 'function') return signer.caller;
  return { functionName: signer.kind, environmentId: signer.kind };
}

function errorCodeOf(response: ServiceResponse): string {
  const fromHeader = response.headers['x-amzn-errortype'];
  if (fromHeader !== undefined) return fromHeader;
  const text = response.body.toString();
  return (
    /"__type":"(?:[^"#]*#)?([^"]+)"/.exec(text)?.[1] ?? /<Code>([^<]+)</.exec(text)?.[1] ?? String(response.status)
  );
}
