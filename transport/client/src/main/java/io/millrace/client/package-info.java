/**
 * The client library: speaks SBE over Aeron to a server and knows nothing of what is inside it.
 */
package io.millrace.client;
