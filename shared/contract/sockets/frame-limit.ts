/**
 * Bytes. API Gateway closes a connection with code 1009 after a larger frame.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const largestFrame = 32 * 1024;
