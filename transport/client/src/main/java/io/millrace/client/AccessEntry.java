package io.millrace.client;

/**
 * One line of a queue's allow list: what a principal may do.
 *
 * @param principal who; empty: sessions without a principal
 * @param maySend send
 * @param mayReceive receive, consume, acknowledge, browse, watch
 * @param mayManage change, tag, purge, redrive, delete
 */
public record AccessEntry(String principal, boolean maySend, boolean mayReceive, boolean mayManage) {}
