package action

// Each calls visit for each of specs and for those that stand in their pools, in the order of a profile.
func Each(specs []Spec, visit func(*Spec)) {
	for i := range specs {
		visit(&specs[i])
		if specs[i].Pool == nil {
			continue
		}
		for _, c := range specs[i].Pool.Choices {
			Each(c.Actions, visit)
		}
	}
}
