import { ServiceError } from '../responses.ts';

type Fields = Readonly<Record<string, string>>;
type MessageAttributes = Readonly<Record<string, { readonly DataType: string; readonly StringValue?: string }>>;

const platforms: ReadonlySet<string> = new Set(['ADM', 'APNS', 'APNS_SANDBOX', 'GCM']);

/** `GCM` of `arn:…:app/GCM/name` and of `arn:…:endpoint/GCM/name/id`. */
export function platformOf(arn: string): string {
  return arn.split('/')[1] ?? '';
}

/** https://docs.aws.amazon.com/sns/latest/api/API_CreatePlatformApplication.html */
export function checkApplication(name: string, platform: string, attributes: Fields): void {
  if (!/^[A-Za-z0-9_.-]{1,256}$/.test(name)) throw invalid('Name Reason: must be 1 to 256 letters, digits, -, _ and .');
  if (!platforms.has(platform)) throw invalid(`Platform Reason: ${platform} is not supported`);
  const credential = attributes['PlatformCredential'] ?? '';
  if (credential === '') throw invalid('PlatformCredential Reason: cannot be empty');
  if (platform === 'GCM' && !isServiceAccount(credential)) {
    throw invalid('Attributes Reason: Platform credentials are invalid');
  }
  if (platform.startsWith('APNS') && (attributes['PlatformPrincipal'] ?? '') === '') {
    throw invalid('PlatformPrincipal Reason: cannot be empty');
  }
}

/** The legacy keys of FCM no longer work, and `google-services.json` is a file of the app. */
function isServiceAccount(credential: string): boolean {
  try {
    return (JSON.parse(credential) as { type?: unknown }).type === 'service_account';
  } catch {
    return false;
  }
}

/** https://docs.aws.amazon.com/sns/latest/dg/mobile-push-api-error.html */
export function checkToken(platform: string, token: string): void {
  if (token === '') throw invalid('Token Reason: cannot be empty');
  if (platform.startsWith('APNS') && !/^(?:[0-9a-fA-F]{2}){4,200}$/.test(token)) {
    throw invalid('Token Reason: iOS device tokens must be no more than 400 hexadecimal characters');
  }
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const mostBytes = 256 * 1024;
/** https://firebase.google.com/docs/cloud-messaging/concept-options and Apple’s “Generating a remote notification”. */
const mostPlatformBytes = 4096;

/** With `MessageStructure: json`, each platform has its own message, a text. SNS ignores members that are not. */
export function messageFor(platform: string, input: Fields): string {
  const message = input['Message'] ?? '';
  if (message === '') throw invalid('Empty message');
  if (Buffer.byteLength(message) > mostBytes) throw invalid('Message too long');
  if (input['MessageStructure'] !== 'json') return message;
  const members = parsed(message);
  if (typeof members['default'] !== 'string') {
    throw invalid('Message Structure - No default entry in JSON message body');
  }
  const own = members[platform];
  const chosen = typeof own === 'string' ? own : members['default'];
  if (typeof own === 'string') checkPayload(platform, own);
  return chosen;
}

function parsed(message: string): Readonly<Record<string, unknown>> {
  try {
    const members: unknown = JSON.parse(message);
    if (typeof members === 'object' && members !== null) return members as Readonly<Record<string, unknown>>;
  } catch {
    // Refused like other values.
  }
  throw invalid('Message Structure - JSON message body failed to parse');
}

function checkPayload(platform: string, payload: string): void {
  const members = parsed(payload);
  if (Buffer.byteLength(payload) > mostPlatformBytes) throw invalid('Message too long');
  if (platform.startsWith('APNS') && typeof members['aps'] !== 'object') {
    throw invalid('Message Reason: Invalid notification for protocol APNS');
  }
  const data = fcmData(members);
  if (platform === 'GCM' && Object.values(data).some((value) => typeof value !== 'string')) {
    throw invalid('Message Reason: Invalid value in data of the FCM message');
  }
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-fcm-v1-payloads.html */
function fcmData(members: Readonly<Record<string, unknown>>): object {
  const v1 = members['fcmV1Message'] as { message?: { data?: object } } | undefined;
  return v1?.message?.data ?? {};
}

const prefix = 'AWS.SNS.MOBILE.';

/** What SNS or the platform would reject, or drop without a notice. */
export function checkMessageAttributes(platform: string, message: string, attributes: MessageAttributes): void {
  const value = (name: string): string | undefined => attributes[`${prefix}${name}`]?.StringValue;
  for (const [name, { DataType }] of Object.entries(attributes)) {
    if (name.startsWith(prefix) && DataType !== 'String')
      throw invalid(`MessageAttributes Reason: ${name} is no String`);
  }
  // https://docs.aws.amazon.com/sns/latest/dg/sns-ttl.html
  for (const name of ['APNS.TTL', 'APNS_SANDBOX.TTL', 'FCM.TTL']) {
    const life = value(name);
    if (life !== undefined && !/^\d{1,7}$/.test(life)) throw invalid(`MessageAttributes Reason: ${name} is no number`);
  }
  if (!platform.startsWith('APNS')) return;
  // https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
  if (Buffer.byteLength(value('APNS.COLLAPSE_ID') ?? '') > 64) throw invalid('MessageAttributes Reason: COLLAPSE_ID');
  const priority = value('APNS.PRIORITY') ?? '10';
  if (!['1', '5', '10'].includes(priority)) throw invalid('MessageAttributes Reason: PRIORITY');
  checkPushType(message, value('APNS.PUSH_TYPE'), priority);
}

function checkPushType(message: string, pushType: string | undefined, priority: string): void {
  if (!message.startsWith('{')) return;
  const aps = (parsed(message)['aps'] ?? {}) as Readonly<Record<string, unknown>>;
  const isAlert = ['alert', 'badge', 'sound'].some((name) => aps[name] !== undefined);
  if (pushType !== undefined && pushType !== (isAlert ? 'alert' : 'background')) {
    throw invalid('MessageAttributes Reason: PUSH_TYPE does not fit the payload');
  }
  if (!isAlert && priority === '10') throw invalid('MessageAttributes Reason: PRIORITY of a background push');
}

function invalid(reason: string): ServiceError {
  return new ServiceError('InvalidParameter', `Invalid parameter: ${reason}`);
}
