// First, to set the clock before the writer reads the request.
import './virtual-clock.ts';
import '../../integration/log/writer.ts';
