/** Notations of private addresses as the host of a URL. */
export const hiddenLiterals: readonly string[] = [
  // IPv4 in every notation that URLs accept.
  ...[
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0x7f.1',
    '017700000001',
    '0177.0.0.1',
  ],
  ...[
    '0177.1',
    '127.0.0.1.',
    '127.0.0.01',
    '0x7f.0x0.0x0.0x1',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '127.255.255.254',
    '0',
    '0.0.0.0',
  ],
  ...['0.1.2.3', '00.0.0.0', '%31%32%37.0.0.1', '1２7.0.0.1'],
  // Private networks and their ends.
  ...['10.0.0.0', '10.0.0.1', '10.255.255.255', '0xa.1', '167772161', '172.16.0.0', '172.16.0.1', '172.31.255.255'],
  ...['0xac100001', '192.168.0.0', '192.168.0.1', '192.168.255.255', '3232235521', '0300.0250.0.1', '100.64.0.0'],
  ...[
    '100.64.0.1',
    '100.127.255.255',
    '169.254.0.0',
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
  ],
  ...['169.254.170.2', '169.254.100.1', '169.254.255.255', '0xa9.0xfe.43518'],
  // Reserved networks, multicast and broadcast.
  ...['192.0.0.0', '192.0.0.170', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.19.255.255', '198.51.100.1'],
  ...['203.0.113.1', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255', '4294967295'],
  // IPv6.
  ...['[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[0000:0000:0000:0000:0000:0000:0000:0001]', '[::127.0.0.1]', '[::7f00:1]'],
  ...[
    '[fc00::1]',
    '[fd00::1]',
    '[fd00:ec2::254]',
    '[fdff::1]',
    '[fe80::1]',
    '[febf::1]',
    '[fec0::1]',
    '[ff00::1]',
    '[ff02::1]',
  ],
  ...['[100::1]', '[2001:db8::1]', '[3fff::1]', '[5f00::1]', '[4000::1]', '[1fff::1]', '[2001:10::1]', '[2001:20::1]'],
  // IPv4 inside of IPv6: mapped, translated, NAT64, 6to4 and Teredo.
  ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:a9fe:a9fe]', '[::ffff:10.0.0.1]', '[0:0:0:0:0:ffff:7f00:1]'],
  ...[
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::a9fe:a9fe]',
    '[64:ff9b::10.0.0.1]',
  ],
  ...['[64:ff9b:1::7f00:1]', '[64:ff9b:1::a9fe:a9fe]', '[64:ff9b::808:808]', '[2002:7f00:1::]', '[2002:a00:1::1]'],
  ...['[2002:a9fe:a9fe::]', '[2001::1]', '[2001:0:7f00:1::]', '[2001:0:53aa:64c:0:5efe:7f00:1]'],
];

export const hiddenHosts: readonly string[] = [
  ...['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'localhost.localdomain', 'ⓛocalhost', 'intranet', 'db'],
  ...[
    'printer.local',
    'metadata.google.internal',
    'ip-10-0-0-1.eu-central-1.compute.internal',
    'instance-data.ec2.internal',
  ],
  ...['router.lan', 'nas.home', 'nas.home.arpa', '1.0.0.127.in-addr.arpa', 'files.corp', 'wiki.intranet', 'x.private'],
  ...[
    'hooks.example.org.',
    'dynamodb.eu-central-1.amazonaws.com',
    'sqs.eu-central-1.amazonaws.com',
    'sts.amazonaws.com',
  ],
  ...['vpce-1.dynamodb.eu-central-1.vpce.amazonaws.com', 's3.cn-north-1.amazonaws.com.cn', 's3.eu-central-1.api.aws'],
  ...['chat.example.com', 'CHAT.example.com', '1.2.3.4.5', '127.0.0.1.1', 'x.onion'],
];

/** Answers of name servers, at least one address of which is private. */
export const mixedAnswers: readonly (readonly [string, ...string[]])[] = [
  ['127.0.0.1'],
  ['::1'],
  ['93.184.215.14', '127.0.0.1'],
  ['127.0.0.1', '93.184.215.14'],
  ['93.184.215.14', '10.0.0.1'],
  ['93.184.215.14', '169.254.169.254'],
  ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', '::1'],
  ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', '::ffff:127.0.0.1'],
  ['93.184.215.14', '64:ff9b::7f00:1'],
  ['93.184.215.14', 'fe80::1%eth0'],
  ['93.184.215.14', 'fd00:ec2::254'],
  ['93.184.215.14', 'not an address'],
];
