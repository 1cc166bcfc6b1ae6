/**
 * Everything on mapped memory: the journal, shard logs, snapshots, retention and the tools that check them.
 */
package io.millrace.store;
